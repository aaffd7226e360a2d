package f32

// assembly lists the kernels in assembly that this machine can run.
func assembly() []*kernels {
	return []*kernels{{
		name:  "neon",
		tiles: [tileRows + 1]tile{nil, tile1NEON, tile2NEON, tile3NEON, tile4NEON, tile5NEON, tile6NEON},
		row:   rowNEON,
		exp:   expNEON, sigmoid: sigmoidNEON, tanh: tanhNEON, relu: reluNEON, reluBack: reluBackNEON,
		add: addNEON, axpy: axpyNEON, scale: scaleNEON, sum: sumNEON, dot: dotNEON,
		colSums: colSumsNEON, colSquares: colSquaresNEON, colPairs: colPairsNEON,
		affine: affineNEON, affineReLU: affineReLUNEON, affineBack: affineBackNEON,
		softmaxRows: softmaxRowsNEON, softmaxBack: softmaxBackNEON,
		layerNorm: layerNormNEON, layerNormBack: layerNormBackNEON,
		lstm: lstmNEON, lstmBack: lstmBackNEON, gru: gruNEON, gruBack: gruBackNEON,
		adamW: adamWNEON, signLog: signLogNEON,
	}}
}

package f32

import "golang.org/x/sys/cpu"

// assembly lists the kernels in assembly that this machine can run.
func assembly() []*kernels {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	return []*kernels{{
		name:  "avx2",
		tiles: [tileRows + 1]tile{nil, tile1AVX2, tile2AVX2, tile3AVX2, tile4AVX2, tile5AVX2, tile6AVX2},
		row:   rowAVX2,
		exp:   expAVX2, sigmoid: sigmoidAVX2, tanh: tanhAVX2, relu: reluAVX2, reluBack: reluBackAVX2,
		add: addAVX2, axpy: axpyAVX2, scale: scaleAVX2, sum: sumAVX2, dot: dotAVX2,
		colSums: colSumsAVX2, colSquares: colSquaresAVX2, colPairs: colPairsAVX2,
		affine: affineAVX2, affineReLU: affineReLUAVX2, affineBack: affineBackAVX2,
		softmaxRows: softmaxRowsAVX2, softmaxBack: softmaxBackAVX2,
		layerNorm: layerNormAVX2, layerNormBack: layerNormBackAVX2,
		lstm: lstmAVX2, lstmBack: lstmBackAVX2, gru: gruAVX2, gruBack: gruBackAVX2,
		adamW: adamWAVX2, signLog: signLogAVX2,
	}}
}

package f32

import (
	"math"

	"assay/steps/kit/kernel"
)

// SignLog sets dst[i] = sign(x)·log(1 + |x|) for x = src[i], rounded from
// [kernel.QuickLog] of the sum in float64. It keeps ±Inf and NaN, and makes 0 of -0.
func SignLog(dst, src []float32) {
	equal("the length of src", len(src), len(dst))
	if len(dst) > 0 {
		active.signLog(dst, src, &logTable[0][0])
	}
}

// logTable is a copy of the table of QuickLog. Nobody writes to it.
var logTable = kernel.QuickTable()

func plainSignLog(dst, src []float32, _ *float64) {
	for i, x := range src {
		y := float32(kernel.QuickLog(1 + math.Abs(float64(x))))
		if x < 0 {
			y = -y
		}
		dst[i] = y
	}
}

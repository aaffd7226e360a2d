package kernel

// Finite reports whether x is neither an infinity nor NaN.
func Finite(x float32) bool { return x-x == 0 }

package f32

// The pieces of batch normalization, column by column. x and dy are rows ×
// columns without gaps; the number of columns is the length of the vectors. A
// batch in shards adds up over its shards in their order.
//
// Forward, with N rows in all shards: mean = ColSums / N, then variance =
// ColSquares / N, istd = 1/√(variance + ε), and y = Affine with a = γ·istd and b =
// β - mean·a. Backward: dβ and s = ColPairs, dγ = s·istd, and dx = AffineBack with
// a = γ·istd, b = -a·istd²·s/N and c = -a·dβ/N - b·mean.

// ColSums adds the sum of each column of x to its element of sums. It is also the
// gradient of a bias.
func ColSums(sums, x []float32) {
	if rows := rowsOf(x, sums); rows > 0 {
		active.colSums(sums, x, rows)
	}
}

// ColSquares adds Σ (x - mean)² of each column to its element of sums.
func ColSquares(sums, mean, x []float32) {
	equal("the length of mean", len(mean), len(sums))
	if rows := rowsOf(x, sums); rows > 0 {
		active.colSquares(sums, mean, x, rows)
	}
}

// ColPairs adds Σ dy of each column to sums and Σ dy·(x - mean) to dots.
func ColPairs(sums, dots, mean, x, dy []float32) {
	equal("the length of dots", len(dots), len(sums))
	equal("the length of mean", len(mean), len(sums))
	equal("the length of dy", len(dy), len(x))
	if rows := rowsOf(x, sums); rows > 0 {
		active.colPairs(sums, dots, mean, x, dy, rows)
	}
}

// Affine sets y = a·x + b, with one a and b per column.
func Affine(y, x, a, b []float32) {
	equal("the length of b", len(b), len(a))
	equal("the length of y", len(y), len(x))
	if rows := rowsOf(x, a); rows > 0 {
		active.affine(y, x, a, b, rows)
	}
}

// AffineReLU sets y = max(a·x + b, 0).
func AffineReLU(y, x, a, b []float32) {
	equal("the length of b", len(b), len(a))
	equal("the length of y", len(y), len(x))
	if rows := rowsOf(x, a); rows > 0 {
		active.affineReLU(y, x, a, b, rows)
	}
}

// AffineBack sets dx = a·dy + b·x + c, with one a, b and c per column.
func AffineBack(dx, dy, x, a, b, c []float32) {
	equal("the length of b", len(b), len(a))
	equal("the length of c", len(c), len(a))
	equal("the length of dx", len(dx), len(x))
	equal("the length of dy", len(dy), len(x))
	if rows := rowsOf(x, a); rows > 0 {
		active.affineBack(dx, dy, x, a, b, c, rows)
	}
}

// rowsOf returns the number of rows of a matrix that has one column for each
// element of perColumn; 0 if there is nothing to do.
func rowsOf(x, perColumn []float32) int {
	if len(perColumn) == 0 {
		equal("the length of the matrix without columns", len(x), 0)
		return 0
	}
	equal("the length of the matrix, divided by the columns, the rest", len(x)%len(perColumn), 0)
	return len(x) / len(perColumn)
}

func plainColSums(sums, x []float32, rows int) {
	for r := range rows {
		for j, v := range row(x, r, len(sums)) {
			sums[j] += v
		}
	}
}

func plainColSquares(sums, mean, x []float32, rows int) {
	for r := range rows {
		for j, v := range row(x, r, len(sums)) {
			d := v - mean[j]
			sums[j] = fma(d, d, sums[j])
		}
	}
}

func plainColPairs(sums, dots, mean, x, dy []float32, rows int) {
	for r := range rows {
		d := row(dy, r, len(sums))
		for j, v := range row(x, r, len(sums)) {
			sums[j] += d[j]
			dots[j] = fma(d[j], v-mean[j], dots[j])
		}
	}
}

func plainAffine(y, x, a, b []float32, rows int) {
	for r := range rows {
		out := row(y, r, len(a))
		for j, v := range row(x, r, len(a)) {
			out[j] = fma(v, a[j], b[j])
		}
	}
}

func plainAffineReLU(y, x, a, b []float32, rows int) {
	plainAffine(y, x, a, b, rows)
	plainReLU(y, y)
}

func plainAffineBack(dx, dy, x, a, b, c []float32, rows int) {
	for r := range rows {
		out, d := row(dx, r, len(a)), row(dy, r, len(a))
		for j, v := range row(x, r, len(a)) {
			out[j] = fma(d[j], a[j], fma(v, b[j], c[j]))
		}
	}
}

// row returns row r of a matrix without gaps.
func row(x []float32, r, cols int) []float32 { return x[r*cols : (r+1)*cols] }

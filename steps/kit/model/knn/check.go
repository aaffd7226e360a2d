package knn

import (
	"fmt"
	"math"

	"assay/steps/kit/kernel"
)

// check returns an error unless all numbers can be those of a scaler.
func (s *scaler) check() error {
	for c, mean := range s.mean {
		if !kernel.Finite(mean) || !kernel.Finite(s.inverse[c]) || s.inverse[c] < 0 {
			return fmt.Errorf("the mean or inverse of column %d is not a finite number, or below 0", c)
		}
	}
	return nil
}

// checkRows returns an error unless all values are those of standardised windows.
func checkRows(rows []float32) error {
	for i, v := range rows {
		if !(v >= -farthest && v <= farthest) {
			return fmt.Errorf("value %d of the rows is %v, want one between ±%v", i, v, float64(farthest))
		}
	}
	return nil
}

// classesOf returns the classes of the rows.
func classesOf(numbers []float32, classes int) ([]int32, error) {
	list := make([]int32, len(numbers))
	for i, v := range numbers {
		if !(v >= 0 && v < float32(classes)) || v != float32(int32(v)) {
			return nil, fmt.Errorf("the class of row %d is %v, want one of 0 to %d", i, v, classes-1)
		}
		list[i] = int32(v)
	}
	return list, nil
}

// skew returns ‖PPᵀ - I‖ (Frobenius) of directions P, where a row of zeros counts as right.
func skew(p []float32, columns int) (float64, error) {
	sum := 0.0
	for a := 0; a < len(p); a += columns {
		for b := 0; b <= a; b += columns {
			product := 0.0
			for c, v := range p[a : a+columns] {
				product += float64(float64(v) * float64(p[b+c]))
			}
			if a != b {
				sum += float64(2 * product * product)
			} else if product != 0 {
				sum += float64((product - 1) * (product - 1))
			}
		}
	}
	if e := math.Sqrt(sum); e <= mostSkew {
		return e, nil
	}
	return 0, fmt.Errorf("the directions are not orthonormal: they are off by %v, want at most %v", math.Sqrt(sum),
		mostSkew)
}

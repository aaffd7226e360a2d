package step

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// A Size is a number of bytes, written as "64MiB", "1.5GB" or 1000.
type Size int64

// A sizeUnit is a unit of bytes.
type sizeUnit struct {
	name  string
	bytes int64
}

func sizeUnits() []sizeUnit {
	return []sizeUnit{
		{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
		{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1},
	}
}

// MarshalText writes the size as a whole number of the unit that gives the shortest
// text, "64MiB" or "1500MB"; bytes have no unit.
func (s Size) MarshalText() ([]byte, error) {
	best := strconv.FormatInt(int64(s), 10)
	for _, u := range sizeUnits() {
		if s == 0 || int64(s)%u.bytes != 0 || u.bytes == 1 {
			continue
		}
		if text := strconv.FormatInt(int64(s)/u.bytes, 10) + u.name; len(text) < len(best) {
			best = text
		}
	}
	return []byte(best), nil
}

// UnmarshalText reads "64MiB", "1.5GB", "1000".
func (s *Size) UnmarshalText(b []byte) error {
	v, err := parseSize(strings.TrimSpace(string(b)))
	if err != nil {
		return fmt.Errorf("%q is not a size%w; write it as 64MiB, 1.5GB or a number of bytes", b, err)
	}
	*s = Size(v)
	return nil
}

// parseSize returns a size exactly: decimals are allowed if the result is a whole number
// of bytes. Its errors continue the text "is not a size".
func parseSize(text string) (int64, error) {
	number, unit := splitUnit(text)
	factor := int64(1)
	if unit != "" {
		var err error
		if factor, err = sizeFactor(unit); err != nil {
			return 0, err
		}
	}
	// Rat.SetString reads more than decimals; splitUnit left only those.
	v, ok := new(big.Rat).SetString(number)
	if !ok || len(number) > 40 {
		return 0, errors.New("")
	}
	v.Mul(v, new(big.Rat).SetInt64(factor))
	switch {
	case v.Sign() < 0:
		return 0, errors.New(", it is below 0")
	case !v.IsInt():
		return 0, errors.New(", it is not a whole number of bytes")
	case !v.Num().IsInt64():
		return 0, errors.New(", it is larger than any disk")
	}
	return v.Num().Int64(), nil
}

func sizeFactor(unit string) (int64, error) {
	for _, u := range sizeUnits() {
		if u.name == unit {
			return u.bytes, nil
		}
	}
	first := strings.ToUpper(unit[:1])
	if len(unit) <= 3 && strings.Contains("KMGT", first) {
		decimal := strings.Replace(first, "K", "k", 1) + "B"
		return 0, fmt.Errorf(", %s is not a unit: %s are thousands, %siB times 1024", unit, decimal, first)
	}
	return 0, fmt.Errorf(", %s is not a unit", unit)
}

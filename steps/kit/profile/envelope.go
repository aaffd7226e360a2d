package profile

import (
	"math"
	"slices"

	"assay/steps/kit/signal"
)

// An Envelope is the signature of a profile: what a channel does over the phases, in the
// middle of many episodes. Its lists have one value for each point; NaN is missing.
type Envelope struct {
	Subject
	Used      int // episodes whose curves it is of
	Attempted int // episodes that were read

	Median    []float64 // the median of the curves, in the channel's unit
	P25, P75  []float64 // their quartiles
	Scaled    []float64 // the median, from 0 at its least value to 1 at its greatest
	Low, High float64   // the least and the greatest value of the median; 0 if it has none
}

// Aggregate makes the median and the quartiles at each point of at least one curve, all of
// one length, over the curves that have a value there. A point that none has is missing if
// missing is set, else 0. The median is numpy.nanmedian's, the quartiles are
// numpy.nanpercentile's. The order of the curves does not matter.
func Aggregate(s Subject, curves [][]float64, missing bool) *Envelope {
	points := len(curves[0])
	e := &Envelope{Subject: s, Used: len(curves), Attempted: len(curves)}
	column := make([]float64, 0, len(curves))
	for i := range points {
		column = column[:0]
		for _, c := range curves {
			if !math.IsNaN(c[i]) {
				column = append(column, c[i])
			}
		}
		median, p25, p75 := quartiles(column)
		e.Median = append(e.Median, number(median, missing))
		e.P25 = append(e.P25, number(p25, missing))
		e.P75 = append(e.P75, number(p75, missing))
	}
	e.scale()
	return e
}

// quartiles sorts the values in place.
func quartiles(v []float64) (median, p25, p75 float64) {
	n := len(v)
	if n == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	slices.Sort(v)
	median = v[n/2]
	if n%2 == 0 {
		median = (v[n/2-1] + v[n/2]) / 2
	}
	return median, signal.Quantile(v, 0.25), signal.Quantile(v, 0.75)
}

// number is v as a table has it: as numpy.nan_to_num, but that NaN stays if it may.
func number(v float64, missing bool) float64 {
	switch {
	case math.IsNaN(v) && !missing:
		return 0
	case math.IsInf(v, 0):
		return math.Copysign(math.MaxFloat64, v)
	}
	return v
}

// flat is the range of a median below which it counts as constant.
const flat = 1e-9

// scale sets what the median is scaled to. A constant one is all 0.
func (e *Envelope) scale() {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range e.Median {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	e.Scaled = slices.Clone(e.Median)
	if low > high {
		return // no point has a value
	}
	e.Low, e.High = low, high
	for i, v := range e.Median {
		switch {
		case math.IsNaN(v):
		case high-low < flat:
			e.Scaled[i] = 0
		default:
			e.Scaled[i] = number((v-low)/(high-low), false)
		}
	}
}

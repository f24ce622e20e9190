package leak

import "math"

func moments(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x
	}
	mean /= float64(len(xs))
	for _, x := range xs {
		sd += (x - mean) * (x - mean)
	}
	if len(xs) > 1 {
		sd = math.Sqrt(sd / float64(len(xs)-1))
	}
	return mean, sd
}

// spread is the coefficient of variation.
func spread(xs []float64) float64 {
	mean, sd := moments(xs)
	return sd / mean
}

package cluster

import "math"

// Constants of the position-dependent model. The model is that of Dang, Wu,
// Zhang, Zhang, Nobel: "ReBucket: A Method for Clustering Duplicate Crash Reports
// Based on Call Stack Similarity" (ICSE 2012), which CASR uses as well
// (ispras/casr:libcasr/src/stacktrace.rs). ReBucket compares whole stacks and so
// lets weights fall slowly; the lists here already start at the fault, whose
// frame has to decide: it weighs as much as all frames below it together.
const (
	depthDecay    = math.Ln2 // weight of depth i is 2^-i
	shiftDecay    = 1.0      // frames at different depths count e^-|i-j|
	neverTogether = -1e6     // similarity of what is known to be apart: no average gets over it
	nearEnough    = 0.5      // average similarity from which clusters are one
	otherPlace    = 0.7      // same function, but another line or offset
	maxCompared   = 16       // frames below weigh less than 2^-15
)

// signatureItem is what several dumps with the same site list have in common.
type signatureItem struct {
	names  []int32 // numbered names of the site list, at most maxCompared
	places []int32 // numbered places, positive for lines, negative for offsets
	build  int32
	built  bool // the build is known
}

var (
	depthWeight = func() (w [maxCompared]float64) {
		for i := range w {
			w[i] = math.Exp(-depthDecay * float64(i))
		}
		return w
	}()
	shiftWeight = func() (w [maxCompared]float64) {
		for i := range w {
			w[i] = math.Exp(-shiftDecay * float64(i))
		}
		return w
	}()
)

// similarity returns how alike two site lists are, from 0 to 1. It is symmetric.
// Cost: the product of the lengths.
func similarity(a, b *signatureItem) float64 {
	m, n := len(a.names), len(b.names)
	if m == 0 || n == 0 {
		return 0
	}
	var rows [2][maxCompared + 1]float64
	for i := 1; i <= m; i++ {
		prev, cur := &rows[(i-1)&1], &rows[i&1]
		cur[0] = 0
		for j := 1; j <= n; j++ {
			best := max(prev[j], cur[j-1])
			if a.names[i-1] == b.names[j-1] {
				d := min(i, j) - 1
				shift := i - j
				if shift < 0 {
					shift = -shift
				}
				gain := depthWeight[d] * shiftWeight[shift]
				if elsewhere(a, b, i-1, j-1) {
					gain *= otherPlace
				}
				best = max(best, prev[j-1]+gain)
			}
			cur[j] = best
		}
	}
	total := 0.0
	for i := range min(m, n) {
		total += depthWeight[i]
	}
	return rows[m&1][n] / total
}

// elsewhere reports whether the same function is at another place in b than in a.
// Offsets of two builds say nothing; lines do, as long as the source is the same.
func elsewhere(a, b *signatureItem, i, j int) bool {
	p, q := a.places[i], b.places[j]
	return p != q && (a.build == b.build || p > 0 && q > 0)
}

// apart reports whether two site lists are of one build, which is known, but of
// different places: then they are different crashes, whatever the names say.
func apart(a, b *signatureItem) bool {
	return a.build == b.build && a.built && a.places[0] != b.places[0]
}

// linkage merges items by average linkage: as long as two clusters are on
// average nearEnough, the most similar two become one. It returns the cluster
// number of each item; numbers follow the first item. The result depends only on
// the items in their order. Cost: quadratic in the items, memory too.
func linkage(items []*signatureItem) []int {
	n := len(items)
	sim := make([][]float64, n) // sum of similarities between the members of two clusters
	for i := range sim {
		sim[i] = make([]float64, n)
	}
	for i := range n {
		for j := range i {
			s := similarity(items[i], items[j])
			if apart(items[i], items[j]) {
				s = neverTogether
			}
			sim[i][j], sim[j][i] = s, s
		}
	}
	size := make([]int, n)
	parent := make([]int, n)
	best := make([]int, n) // most similar live cluster with a higher number, -1 for none
	for i := range n {
		size[i], parent[i] = 1, i
	}
	average := func(i, j int) float64 { return sim[i][j] / float64(size[i]*size[j]) }
	find := func(i int) {
		best[i] = -1
		for j := i + 1; j < n; j++ {
			if parent[j] == j && (best[i] < 0 || average(i, j) > average(i, best[i])) {
				best[i] = j
			}
		}
	}
	for i := range n {
		find(i)
	}
	for {
		a := -1
		for i := range n {
			if parent[i] == i && best[i] >= 0 && (a < 0 || average(i, best[i]) > average(a, best[a])) {
				a = i
			}
		}
		if a < 0 || average(a, best[a]) < nearEnough {
			break
		}
		b := best[a]
		for k := range n {
			if parent[k] == k && k != a && k != b {
				sim[a][k] += sim[b][k]
				sim[k][a] = sim[a][k]
			}
		}
		size[a] += size[b]
		parent[b] = a
		for i := range n {
			if parent[i] != i {
				continue
			}
			if i == a || best[i] == a || best[i] == b {
				find(i)
			} else if i < a && average(i, a) > average(i, best[i]) {
				best[i] = a
			}
		}
	}
	out := make([]int, n)
	for i := range n {
		root := i
		for parent[root] != root {
			root = parent[root]
		}
		out[i] = root
	}
	return out
}

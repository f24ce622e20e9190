package cluster

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"sort"
	"strings"

	"wolfdiag/dump/collect"
	"wolfdiag/dump/signature"
	"wolfdiag/dump/trace"
)

// Unique is a trace and all files that hold the very same one.
type Unique struct {
	Frames []trace.Frame // of the first file; roles and names are set here
	Files  []*collect.File
	Sig    signature.Signature
	Origin signature.Origin // who wrote it
	key    string           // what makes it unique
}

// Uniques groups files whose frames are equal but for the load bases.
func Uniques(files []*collect.File) []*Unique {
	seen := make(map[string]*Unique)
	modules := make(map[string]uint32)
	var out []*Unique
	var key []byte
	number := func(s string) uint32 {
		n, ok := modules[s]
		if !ok {
			n = uint32(len(modules))
			modules[s] = n
		}
		return n
	}
	for _, f := range files {
		if len(f.Trace.Frames) == 0 {
			continue
		}
		key = key[:0]
		raw := trace.RawOnly(f.Trace.Frames)
		for i := range f.Trace.Frames {
			fr := &f.Trace.Frames[i]
			key = binary.LittleEndian.AppendUint32(key, number(fr.Module))
			switch {
			case fr.HasObject:
				key = binary.LittleEndian.AppendUint64(key, fr.Object)
			case raw:
				key = binary.LittleEndian.AppendUint64(key, fr.Raw-f.Trace.Frames[0].Raw)
				key = append(key, byte(fr.Raw), byte(fr.Raw>>8))
			default:
				key = binary.LittleEndian.AppendUint32(key, number(fr.Function))
				key = binary.LittleEndian.AppendUint32(key, number(fr.File))
				key = binary.LittleEndian.AppendUint32(key, uint32(fr.Line))
				key = binary.LittleEndian.AppendUint32(key, uint32(fr.Raw&trace.PageMask))
				for _, in := range fr.Inlined {
					key = binary.LittleEndian.AppendUint32(key, number(in.Function))
					key = binary.LittleEndian.AppendUint32(key, uint32(in.Line))
				}
			}
			key = append(key, byte(fr.Role))
		}
		u := seen[string(key)]
		if u == nil {
			u = &Unique{Frames: f.Trace.Frames, Origin: signature.OriginOf(&f.Trace), key: string(key)}
			seen[u.key] = u
			out = append(out, u)
		}
		u.Files = append(u.Files, f)
	}
	return out
}

// Cluster is a set of traces taken to be one crash.
type Cluster struct {
	Traces []*Unique
	Key    string // site list of its most frequent item: identity and order
}

// Representative returns the most frequent trace, the smallest file name among equals.
func (c *Cluster) Representative() *Unique {
	best := c.Traces[0]
	for _, t := range c.Traces[1:] {
		if len(t.Files) > len(best.Files) || len(t.Files) == len(best.Files) && t.Files[0].Path < best.Files[0].Path {
			best = t
		}
	}
	return best
}

// siteItem is a site list and the traces that have it.
type siteItem struct {
	signatureItem
	key    string
	traces []*Unique
	files  int
}

// Traces groups traces first by equal site lists, then by similarity. The
// result does not depend on the order of the traces. Cost: linear in the traces,
// quadratic in the different site lists that share their first function.
func Traces(traces []*Unique) []Cluster {
	items := siteItems(traces)
	buckets := make(map[int32][]*siteItem)
	var order []int32
	for _, it := range items {
		first := it.names[0]
		if buckets[first] == nil {
			order = append(order, first)
		}
		buckets[first] = append(buckets[first], it)
	}
	var out []Cluster
	for _, first := range order {
		// Lists that differ in their first function are less than nearEnough
		// alike, whatever follows (TestFirstFunctionDecides), so each bucket is
		// on its own.
		out = append(out, linkBucket(buckets[first])...)
	}
	return out
}

// siteItems returns the different site lists, sorted by key.
func siteItems(traces []*Unique) []*siteItem {
	byKey := make(map[string]*siteItem)
	var items []*siteItem
	for _, t := range traces {
		var key strings.Builder
		for i, s := range t.Sig.Site {
			if i == maxCompared {
				break
			}
			key.WriteString(s.Name)
			key.WriteByte(0)
			key.WriteString(s.Place)
			key.WriteByte(1)
		}
		key.WriteString(t.Sig.Build)
		it := byKey[key.String()]
		if it == nil {
			it = &siteItem{key: key.String()}
			byKey[it.key] = it
			items = append(items, it)
		}
		it.traces = append(it.traces, t)
		it.files += len(t.Files)
	}
	sort.Slice(items, func(i, j int) bool { return items[i].key < items[j].key })
	numbers := make(map[string]int32)
	number := func(s string) int32 {
		n, ok := numbers[s]
		if !ok {
			n = int32(len(numbers))
			numbers[s] = n
		}
		return n
	}
	for _, it := range items {
		sig := &it.traces[0].Sig
		for i, s := range sig.Site {
			if i == maxCompared {
				break
			}
			it.names = append(it.names, number("n"+s.Name))
			place := number("p" + s.Place)
			if strings.HasPrefix(s.Place, "0x") {
				place = -place
			}
			it.places = append(it.places, place)
		}
		it.build, it.built = number("b"+sig.Build), sig.Build != ""
	}
	return items
}

// maxLinked is the number of site lists of one bucket that are compared pair by
// pair; with more, lists with the same first function and place are taken
// together at once, and only the most frequent of each is compared.
const maxLinked = 600

func linkBucket(bucket []*siteItem) []Cluster {
	groups := make([][]*siteItem, 0, len(bucket))
	if len(bucket) <= maxLinked {
		for _, it := range bucket {
			groups = append(groups, []*siteItem{it})
		}
	} else {
		type site struct{ place, build int32 }
		at := make(map[site]int)
		for _, it := range bucket {
			k := site{it.places[0], it.build}
			i, ok := at[k]
			if !ok {
				i = len(groups)
				at[k] = i
				groups = append(groups, nil)
			}
			groups[i] = append(groups[i], it)
		}
	}
	heads := make([]*signatureItem, 0, len(groups))
	for i := range groups {
		heads = append(heads, &mostFrequent(groups[i]).signatureItem)
	}
	number := make([]int, len(groups))
	for i := range number {
		number[i] = i
	}
	if len(groups) > 1 && len(groups) <= maxLinked {
		number = linkage(heads)
	}
	members := make(map[int][]*siteItem)
	var order []int
	for i, n := range number {
		if members[n] == nil {
			order = append(order, n)
		}
		members[n] = append(members[n], groups[i]...)
	}
	out := make([]Cluster, 0, len(order))
	for _, n := range order {
		c := Cluster{Key: mostFrequent(members[n]).key}
		for _, it := range members[n] {
			c.Traces = append(c.Traces, it.traces...)
		}
		out = append(out, c)
	}
	return out
}

// mostFrequent returns the item with most files, the first by key among equals.
func mostFrequent(items []*siteItem) *siteItem {
	best := items[0]
	for _, it := range items[1:] {
		if it.files > best.files || it.files == best.files && it.key < best.key {
			best = it
		}
	}
	return best
}

// ID is short and the same for the same site.
func ID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:4])
}

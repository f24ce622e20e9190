package dump

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"sort"
	"strings"
)

// uniqueTrace is a trace and all files that hold the very same one.
type uniqueTrace struct {
	frames []Frame // of the first file; roles and names are set here
	files  []*File
	sig    Signature
	key    string // what makes it unique
}

// uniqueTraces groups files whose frames are equal but for the load bases.
func uniqueTraces(files []*File) []*uniqueTrace {
	seen := make(map[string]*uniqueTrace)
	modules := make(map[string]uint32)
	var out []*uniqueTrace
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
		raw := rawOnly(f.Trace.Frames)
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
				key = binary.LittleEndian.AppendUint32(key, uint32(fr.Raw&pageMask))
				for _, in := range fr.Inlined {
					key = binary.LittleEndian.AppendUint32(key, number(in.Function))
					key = binary.LittleEndian.AppendUint32(key, uint32(in.Line))
				}
			}
			key = append(key, byte(fr.Role))
		}
		u := seen[string(key)]
		if u == nil {
			u = &uniqueTrace{frames: f.Trace.Frames, key: string(key)}
			seen[u.key] = u
			out = append(out, u)
		}
		u.files = append(u.files, f)
	}
	return out
}

// cluster is a set of traces taken to be one crash.
type cluster struct {
	traces []*uniqueTrace
	key    string // site list of its most frequent item: identity and order
}

// siteItem is a site list and the traces that have it.
type siteItem struct {
	signatureItem
	key    string
	traces []*uniqueTrace
	files  int
}

// clusterTraces groups traces first by equal site lists, then by similarity. The
// result does not depend on the order of the traces. Cost: linear in the traces,
// quadratic in the different site lists that share their first function.
func clusterTraces(traces []*uniqueTrace) []cluster {
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
	var out []cluster
	for _, first := range order {
		// Lists that differ in their first function are less than nearEnough
		// alike, whatever follows (TestFirstFunctionDecides), so each bucket is
		// on its own.
		out = append(out, linkBucket(buckets[first])...)
	}
	return out
}

// siteItems returns the different site lists, sorted by key.
func siteItems(traces []*uniqueTrace) []*siteItem {
	byKey := make(map[string]*siteItem)
	var items []*siteItem
	for _, t := range traces {
		var key strings.Builder
		for i, s := range t.sig.site {
			if i == maxCompared {
				break
			}
			key.WriteString(s.name)
			key.WriteByte(0)
			key.WriteString(s.place)
			key.WriteByte(1)
		}
		key.WriteString(t.sig.Build)
		it := byKey[key.String()]
		if it == nil {
			it = &siteItem{key: key.String()}
			byKey[it.key] = it
			items = append(items, it)
		}
		it.traces = append(it.traces, t)
		it.files += len(t.files)
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
		sig := &it.traces[0].sig
		for i, s := range sig.site {
			if i == maxCompared {
				break
			}
			it.names = append(it.names, number("n"+s.name))
			it.places = append(it.places, number("p"+s.place))
		}
		it.build = number("b" + sig.Build)
	}
	return items
}

// maxLinked is the number of site lists of one bucket that are compared pair by
// pair; with more, lists with the same first function and place are taken
// together at once, and only the most frequent of each is compared.
const maxLinked = 600

func linkBucket(bucket []*siteItem) []cluster {
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
	out := make([]cluster, 0, len(order))
	for _, n := range order {
		c := cluster{key: mostFrequent(members[n]).key}
		for _, it := range members[n] {
			c.traces = append(c.traces, it.traces...)
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

// clusterID is short and the same for the same site.
func clusterID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:4])
}

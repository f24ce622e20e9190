package snapshot

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
)

// maxHolders bounds the programs that are told of.
const maxHolders = 4

// A holder is a program with GPU memory, of `nvidia-smi --query-compute-apps=…`:
//
//	pid, process_name, used_gpu_memory [MiB]
//	1234, /usr/bin/ollama, 12000 MiB
type holder struct {
	name string
	mib  float64
	line int
}

// held adds a program; rows of one program add up.
func (s *Snapshot) held(list *[]holder, name string, mib float64, line int) {
	if math.IsNaN(mib) || mib < 0 {
		return
	}
	name = path.Base(name)
	if i := slices.IndexFunc(*list, func(h holder) bool { return h.name == name }); i >= 0 {
		(*list)[i].mib += mib
		return
	}
	if len(*list) < 256 {
		*list = append(*list, holder{name, mib, line})
	}
}

// heldBy tells who holds the memory, and whether restarting Wolf would free it.
func (s *Snapshot) heldBy(list []holder) {
	if len(list) == 0 {
		return
	}
	wolf, all := 0.0, 0.0
	for _, h := range list {
		all += h.mib
		if strings.Contains(strings.ToLower(h.name), "wolf") {
			wolf += h.mib
		}
	}
	slices.SortStableFunc(list, func(a, b holder) int { return cmp.Compare(b.mib, a.mib) })
	var names []string
	for _, h := range list[:min(len(list), maxHolders)] {
		names = append(names, fmt.Sprintf("%s (%.0f MiB)", h.name, h.mib))
	}
	if n := len(list) - len(names); n > 0 {
		names = append(names, fmt.Sprintf("%d more", n))
	}
	bears := "programs that only draw are not in this list"
	if all > 0 && wolf < all/2 {
		bears = "most of it is not Wolf's: restarting Wolf does not give it back"
	}
	s.fact(list[0].line, "", "GPU memory is held by "+strings.Join(names, ", "), bears)
}

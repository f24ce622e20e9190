package snapshot

import (
	"strings"

	"wolfdiag/analyze/setup"
	"wolfdiag/internal/lazyregexp"
)

// board notes a GPU by the name that NVIDIA's tools give to it.
func (s *Snapshot) board(line int, name, bus string) {
	s.says(line, setup.AboutGPU, bus, nvidiaName(name))
	if isWorkstation(name) && !s.classed {
		s.classed = true
		s.fact(line, "fact-workstation-gpu", "the GPU is of a workstation or data-centre class: "+name, "boards of this class have no limit on encoder sessions").Lasting = true
	}
}

// nvidiaName puts the maker before a board's name where old drivers leave it out.
func nvidiaName(name string) string {
	if strings.HasPrefix(name, "NVIDIA") {
		return name
	}
	return "NVIDIA " + name
}

// workstation names boards whose drivers do not limit encoder sessions.
var workstation = lazyregexp.New(`\b(?:Quadro|RTX (?:A?\d{4}|PRO)|Tesla|[HVB]\d00|GH200|P\d{2,3}|A\d00|L40S?|L4|A10G?|A16|A2|T4|A40)\b`)

// isWorkstation tells an RTX 4000 (workstation) from a GeForce RTX 4090.
func isWorkstation(name string) bool {
	return !strings.Contains(name, "GeForce") && !strings.Contains(name, "TITAN") && workstation.MatchString(name)
}

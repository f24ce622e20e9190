//go:build unix && !linux

package process

// member is a process of a family.
type member struct{}

func (member) kill() {}

// descendants and marked are unknown here: the process group is all there is.
func descendants(int) []member { return nil }

func marked(string) []member { return nil }

package follow

import (
	"fmt"
	"os"
)

// tailName names an open file such that every stat and open of the name reach
// that very file, whatever happens to its path.
func tailName(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }

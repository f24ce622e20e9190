package reading

// Reason is why an operation did not do what it should: what an error number, a
// result code or a word says.
type Reason uint8

// The reasons. Failed is a complaint that gives none.
const (
	NoReason    Reason = iota
	Failed             // "failed", "error", "could not": nothing more is said
	Missing            // no such file, not found, not set
	Refused            // permission, privilege, ownership, policy
	Unreachable        // nobody listens, no route, no name
	TimedOut           // no answer in time, not ready
	Exhausted          // out of memory, space, descriptors, slots
	InUse              // busy, taken, exists already
	Unsupported        // not implemented, not offered, not capable
	Invalid            // malformed, unknown to a parser, of the wrong kind
	Mismatched         // two versions or kinds that do not fit
	Lost               // was there and went away
	Crashed            // a process ended by a signal, a panic, an exception, a non-zero code
	Corrupted          // memory, references or data are not what they must be
	Hung               // does not move on
	Leaked             // not given back
	ReadOnly           // the file system takes no writes
	numReasons
)

var reasonNames = [numReasons]string{"", "failed", "missing", "refused", "unreachable", "timed out", "exhausted", "in use", "unsupported",
	"invalid", "mismatched", "lost", "crashed", "corrupted", "hung", "leaked", "read-only"}

// String returns the reason in words; empty for NoReason.
func (r Reason) String() string {
	if r < numReasons {
		return reasonNames[r]
	}
	return ""
}

// Reasons is a set of reasons.
type Reasons uint32

// Has reports whether a reason is in the set.
func (s Reasons) Has(r Reason) bool { return s&(1<<r) != 0 }

func reasons(list ...Reason) Reasons {
	var s Reasons
	for _, r := range list {
		s |= 1 << r
	}
	return s
}

// anyReason is every reason, and none.
const anyReason = Reasons(1<<numReasons - 1)

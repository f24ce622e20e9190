package lifetime

// A method is one way to count sessions, best first.
type method uint8

const (
	byContainer method = iota
	byRTP
	byCompositor
	byLaunch
	byElement // at least
	methods
)

var methodNames = [methods]string{
	byContainer:  "container starts",
	byRTP:        "RTP servers, two a session",
	byCompositor: "compositors created",
	byLaunch:     "launch requests",
	byElement:    "numbers in element names (at least)",
}

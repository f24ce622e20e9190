package patterns

// Condition says when a match of a pattern is ordinary: what a working
// deployment prints too. All parts that are given must hold; of several
// conditions one is enough. A match that is ordinary is counted as harmless and
// speaks for no cause.
type Condition struct {
	// Idle names a device, library or vendor ("/dev/nvidia0", "libcuda.so.1",
	// "nvidia"): it holds where Wolf works on another and nothing asked for this
	// one. A fallback to software is no choice.
	Idle string `toml:"idle"`
	// InUse names a vendor: it holds where Wolf works on a GPU of theirs.
	InUse string `toml:"in_use"`
	// Speakers: classes of package speaker that say it.
	Speakers []string `toml:"speakers"`
	// Phases: start, setup, streaming, teardown, idle, shutdown.
	Phases []string `toml:"phases"`
	// FollowedBy: one of these patterns matches later in the same lifetime:
	// what was tried has worked.
	FollowedBy []string `toml:"followed_by"`
	// NotFollowedBy: none of these patterns matches later in the same lifetime.
	NotFollowedBy []string `toml:"not_followed_by"`
	// PrecededBy: one of these patterns matches shortly before.
	PrecededBy []string `toml:"preceded_by"`
	// Most: no more matches than that in the lifetime.
	Most int64 `toml:"most"`
	// Worked: a session that worked was up, or began later in the lifetime.
	Worked bool `toml:"worked"`
	// Alone: no error of Wolf, its compositor or an unknown speaker in the lifetime
	// could come from a cause of this one: what the complaint is about was not
	// needed.
	Alone bool `toml:"alone"`
	// GoesOn: the program that says it goes on, or ends well: some lines that are
	// no complaint follow in its stream. Wolf's own stream goes on whatever becomes
	// of a session.
	GoesOn bool `toml:"goes_on"`
	// Stopped: the program that says it lives on until it is asked to end.
	Stopped bool `toml:"stopped"`
	// Ending: an app or a desktop has come to its end as it should, a moment before,
	// as patterns tell that excuse others.
	Ending bool `toml:"ending"`
	// Unnamed: nobody is named who says it, and Wolf does not speak in its input, or
	// only as another service.
	Unnamed bool `toml:"unnamed"`
	// Stranger: a service says it whose name tells nothing, and that is not Wolf by
	// what else it says.
	Stranger bool `toml:"stranger"`
	// Elsewhere: Wolf does not speak in its input: it is the log of an app's container
	// or of the sound server's.
	Elsewhere bool `toml:"elsewhere"`
	// Why it is ordinary then.
	Why string `toml:"why"`
}

// Empty reports whether a condition says nothing: it would always hold.
func (c *Condition) Empty() bool {
	return c.Idle == "" && c.InUse == "" && len(c.Speakers) == 0 && len(c.Phases) == 0 && len(c.FollowedBy) == 0 && len(c.NotFollowedBy) == 0 &&
		len(c.PrecededBy) == 0 && c.Most == 0 && !c.Worked && !c.Alone && !c.GoesOn && !c.Stopped && !c.Ending && !c.Unnamed && !c.Stranger && !c.Elsewhere
}

// Names lists the patterns that a condition refers to.
func (c *Condition) Names() []string {
	out := append([]string{}, c.FollowedBy...)
	return append(append(out, c.NotFollowedBy...), c.PrecededBy...)
}

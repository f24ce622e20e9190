package reading

// The words that complaints are made of. A phrase is a sequence of words as they
// stand in a text, in any inflection and without the stop words: "device lost"
// is found in "the device has been lost" and in VK_ERROR_DEVICE_LOST, since names
// are cut at their joints. Phrases are set apart by semicolons.

// meaning is what a list of phrases says: a reason, an object, or both.
type meaning struct {
	reason Reason
	object Object
	words  string
}

// stopWords carry no meaning of their own.
const stopWords = `a an the to of is are was were be been being it its this that these those has have had will would should shall for by with from
	as at which there your you my our on in`

// negations turn what follows round.
// firmNegations complain by themselves.
const firmNegations = `cannot cant unable couldnt couldn fail failure`

const negations = `not no zero cannot cant couldnt unable never none nothing neither nor without fail failure couldn lacks lacking`

// statements are verbs that "not" turns into a complaint, whatever they are said
// of, and possessives those that "no" does; sparedWords are those after which it is none.
const (
	statements  = `is are was were does did has have`
	possessives = `has have had having`
	sparedWords = `need needed used using unused necessary require set use start started enable affect apply matter change changed modify yet only just include included yet initialized intend
		recommend mean guarantee expect interactive specified configured override currently now required a an the effect need more further idea plan intention longer`
)

// resultWords name what came of a call: a negative number behind one is a failure.
const resultWords = `err error errno ret retval rc returned result status code`

// negatives are words that name a reason when they are denied: "not found", "no
// permission", "has not responded".
var negatives = [...]struct {
	reason Reason
	words  string
}{
	{Missing, `found find exist present locate detect available such installed register registered provide provided known enumerate discover specified
		defined configured determine recognise recognize identify see given`},
	{Refused, `permit allow authorize authorise privilege permission writable readable executable owner owned trust trusted accessible authenticated permissive`},
	{Unsupported, `support implement capable compatible usable suitable capability handle handled enabled conformant advertise expose licensed intersection`},
	{Failed, `called work function functional`},
	{Hung, `respond responding reply response answer return progress complete idle`},
	{TimedOut, `ready receive received arrive arrived`},
	{Unreachable, `connect reach contact resolve reachable route dial listening communicate`},
	{Invalid, `valid aligned parse understand decode verify deserialize unmarshal conform interpret`},
	{Mismatched, `match agree same equal fit`},
	{InUse, `unique free`},
	{Exhausted, `space room enough left memory allocate reserve alloc`},
	{Lost, `running alive`},
}

// countedWords are those of the negatives that a count stands beside: "0 devices
// found", "outputs available: 0".
const countedWords = `found find detect detected available discover discovered enumerate enumerated usable exist present supported left`

// softeners say that a complaint is none: what it tells of is optional, or the
// program goes on without it, or nothing has happened yet.
const softeners = `optional; ignored; ignoring; can be ignored; safely ignore; directory file exists; link file exists; folder file exists; harmless; not fatal; non fatal; might be normal; may be normal; testing use only; deprecated; may result; may not work; by default; cleaning up; no process found;
	support attribute; matching is disabled; ta ucode; automatic fallback; vsync parameter; v sync parameter; reason success; result success; crtc or sizes; nothing to do; not needed; no need; will be skipped; skipping; config for output; file descriptor comparison;
	will retry; no action required; for your information; just a warning; not an error; zero modifiers; trying next; try next; trying another; trying other; may missing; might missing; are we running; source is unavailable; in the future; out-of-tree module; taints kernel; fixme; not symbolic link; use with caution; disabling module; disabling plugin; in case of strange;
	controlling tty; controlling terminal; job control; terminal process group`

// operations are verbs with their other forms; the first is what is reported.
var operations = [...]string{
	"open reopen", "connect dial", "bind listen", "load dlopen", "create mkdir make generate", "mount bindmount remount", "execute exec run spawn invoke fork execve",
	"allocate alloc reserve malloc mmap", "start launch boot", "stop kill terminate", "parse read decode", "write save store flush", "pull download fetch", "resolve lookup",
	"chown chmod", "initialize initialise init setup", "negotiate link", "register", "map", "import export", "stat access lstat", "remove delete unlink", "encode", "capture",
	"pair", "decrypt", "find locate", "query", "set", "switch", "send receive recv", "submit", "attach plug", "add", "copy", "resume",
}

// startups are the operations without which a program does not start.
const startups = `create start initialize`

// reasonWords say why.
var reasonWords = [...]meaning{
	{Failed, NoObject, `failed; failure; error; err; unsuccessful; reject; rejected; abort; aborted; fatal; problem; eio; input output error; i o
		error; gave up; giving up; give up; broken; broke; trouble; went wrong; gone wrong; unusable; internal error; sorry; refuse; back off`},
	// What a text asks for is what is not so.
	{Failed, NoObject, `make sure; please check; please enable; please verify; please update; please upgrade; unfortunately; oops; needs enabled; need enable;
		need update; must enabled; must enable; must update; must upgrade; have enable; requires newer; needs newer; degraded; degraded mode; should be owned;
		terminating due; because of errors; because of error; due error; due failure; is it running; is daemon running; is server running`},
	{Exhausted, NoObject, `queue full; buffer full; low water; slots full; over max allowed; over maximum allowed; table full; is full; almost full; nearly full; running low; run low; low on; exceeds limit; exceeds maximum; larger
		than maximum; greater than maximum; above maximum; over limit; beyond maximum; more than maximum; limit exceeded; only left; only available`},
	{Lost, NoObject, `dropping frame; dropping packet; discarding packet; evicted; device gone; display gone; link down; went down; interface down; closed peer;
		operation canceled; operation cancelled; request canceled; request cancelled; stopped responding; interrupted system call; has gone; no carrier;
		no longer there`},
	{Mismatched, NoObject, `hash differs; expected but; expected got; expected found; wanted got; clock skew; signature differs`},
	{Refused, NoObject, `insecure permissions; unsafe permissions; world writable; owner not; locked by another`},
	{Failed, NoObject, `bad; must; bogus; spurious; unserviceable; misaligned; check your; untolerated; but it is; but is`},
	{Refused, NoObject, `attack; tampered`},
	{Crashed, NoObject, `std terminate; cxa throw; goroutine running; coredump created; core dump created; coredump written; core dump written; coredump generated; core dump generated`},
	{InUse, NoObject, `currently used process; used process; still in use; still exists`},
	{Invalid, NoObject, `must be`},
	{Missing, NoObject, `is needed load; is needed to load; is required load; is required to load`},
	{Unsupported, NoObject, `software rendering detected; software rendering proceed`},
	{Failed, NoObject, `fifo fault; mmu fault; bus fault`},
	{Lost, NoObject, `empty reply; empty response`},
	{Hung, NoObject, `lagging behind; throttled; throttling; overheated; thermal shutdown; waiting lock`},
	{Invalid, NoObject, `short read; incomplete; partial write; truncated message; outside allowed; outside range; outside allowed range; servfail`},
	{Missing, NoObject, `missing; absent; enoent; enodev; enxio; esrch; no such; nonexistent; non existent; unknown; undefined; unrecognized;
		unrecognised; unset; empty; not set; but only; but got; but found; no longer exists; no longer available; unavailable; not a directory; enotdir; no child; no matching; notfound; unbound variable;
		notset; doesn exist; does exist; cannot see; unresolved; unresolvable; stub`},
	{Refused, NoObject, `not ours; not mine; denied; deny; eacces; eperm; forbidden; unauthorized; unauthorised; permission; access refused; disallowed; prohibited;
		violate; not permitted; not allowed; wrong owner; insufficient privileges; insufficient permission; operation not permitted; permission
		denied; access denied; notpermitted; policy; disallow; unprivileged`},
	{Unreachable, NoObject, `connection refused; econnrefused; unreachable; ehostunreach; enetunreach; no route; host down; connection failed;
		failed connect; could not connect; refused connection; name resolution; no such host; server misbehaving; eai again; name service not known;
		network down; enetdown; connect refused; cannot connect; couldn connect; unable connect; nobody listens; offline`},
	{TimedOut, NoObject, `timed out; timeout; timedout; etimedout; etime; deadline exceeded; deadline; watchdog timeout; took too long; too slow;
		wait too long; waited too long; not ready; too late; gave up waiting; give up waiting; stopped waiting; still waiting`},
	{Exhausted, NoObject, `exhausted; too many; enospc; enomem; emfile; enfile; edquot; quota; exceeded; exceed; insufficient; not enough; limit
		reached; maximum number; maximum reached; reached maximum; resource temporarily unavailable; eagain; depleted; starved; cannot allocate; no
		free; no space; running out; run out; ran out; out of; beyond limit; bad alloc; reached limit; limit exceeded; out resources; no more`},
	{InUse, NoObject, `in use; inuse; use already; ebusy; busy; eaddrinuse; already; eexist; duplicate; conflict; conflicting; taken; occupied;
		another instance; another process; locked; detected another; another; file exists; held; used by; currently used; being used; already running;
		already exists; already present; alreadyinuse; unavailable already; occupied by`},
	{Unsupported, NoObject, `unsupported; notsupported; enotsup; eopnotsupp; enosys; enotty; not implemented; unimplemented; incompatible;
		inappropriate ioctl; no support; not capable; format error; enoexec; no usable; no suitable; no compatible; no supported; exec format error;
		requires extension; missing extension; required extension; below minimum; too low; undeveloped; not supported; unsuitable`},
	{Invalid, NoObject, `invalid; malformed; einval; illegal; unexpected; syntax; syntax error; parse error; parsing error; bad value; wrong;
		incorrect; erroneous; unterminated; ebadf; not well formed; bad request; unrecognized option; unknown option; unknown argument; type error;
		erange; out range; ambiguous; inconsistent; not positive; expected; bad parameter; bad attribute; bad config; outside range; garbage;
		misconfigured; badvalue; expecting; already present; out of bounds; out of order; out of range; out of date; must be a list; must be a string;
		must be a directory; must be lowercase; must be one of; must be a number; must be absolute; must be a mapping`},
	{Mismatched, NoObject, `mismatch; mismatched; version mismatch; differ; different version; too old; too new; newer than; older than;
		outdated; disagree; stale; minimum required; required version; minimum supported; wrong version; invalid version; incompatible version;
		unsupported version; wrong elf class; undefined symbol; symbol lookup; out sync; built against; does not match; version too; unknown symbol;
		version magic; or newer; requires version; newer; not match`},
	{Lost, NoObject, `lost; disconnected; disconnect; hung up; hangup; broken pipe; epipe; connection reset; reset peer; econnreset; vanished;
		disappeared; end file; eof; unexpectedly closed; closed unexpectedly; dead; died; went away; gone away; fell off; fallen off; unplugged;
		stream ended; enotconn; destroyed; revoked; orphaned; lost connection; closed connection; connection closed; dropped; terminated connection;
		connection terminated; connection lost; unexpectedly removed; is gone; disappear; unexpected eof; remote closed; terminated unexpectedly;
		stopped unexpectedly; unexpected termination; unexpectedly terminated`},
	{Crashed, NoObject, `crash; crashed; sigsegv; sigabrt; sigbus; sigill; sigfpe; sigtrap; segfault; segv; segmentation fault; core dumped;
		dumped core; coredump; panic; panicked; unhandled exception; uncaught exception; terminate called; uncaught; general protection fault; killed
		signal; terminated signal; assertion; assertion failed; exited unexpectedly; access violation; unhandled page fault; stack smashing; backoff;
		unhandled; too many start retries; fatal signal; caught signal; bus error; illegal instruction; floating point exception; fatal state;
		crashloopbackoff; exit code; exit status; promise already satisfied; sigsys; bad system call; exception; traceback; fatal error detected;
		javascript error; error occurred main process; main process exited; unexpectedly quit; stopped working; renderer crashed; unrecoverable; null
		pointer; nullpointerexception; abnormal termination; terminated abnormally; signal 11; signal 6; pure virtual; children shut down; overflowed
		stack; overflowed its stack; stack overflow; backtrace; minidump; crash dump; overflow detected; buffer overflow detected; abort called;
		exited with; process exited; exited code; exited status; exited signal; page fault; protection fault; bus fault; memory fault`},
	{Corrupted, NoObject, `corrupt; corrupted; corruption; double free; use after free; invalid pointer; invalid free; bad magic; checksum;
		truncated; damaged; smashing detected; double unref; invalid next size; munmap chunk; malloc consolidate; poisoned; already finalized;
		dangling; unaligned; file too short; invalid elf header; crc; bad message`},
	{Hung, NoObject, `hang; hung; stuck; deadlock; deadlocked; lockup; lock up; stalled; stall; blocked more; frozen; freeze; watchdog;
		unresponsive; soft lockup; starvation; would deadlock; no progress; edeadlk; hung task; not responding; has not responded`},
	{Leaked, NoObject, `leak; leaked; leaking; not freed; unreleased; still alive; still referenced; still running; left behind; never released;
		outlived; not released; remaining references`},
	{ReadOnly, NoObject, `read only; erofs; readonly; remount ro; write protected; read only file system; readonly file system`},
}

// ordinary are reasons that a text can name without a complaint.
const ordinary = `another; already; already running; already exists; in use; used by; currently used; being used; inuse; held; duplicate; empty; not set; unknown; expected; connection closed; timeout; deadline; locked; disconnected; disconnect; exited;
	exit code; exit status; watchdog; read only; readonly; permission; quota; deny; backtrace; minidump; destroyed; dropped; unset; exceed; checksum; crc; err; error; fatal; abort; problem; panic; crash; coredump; crash dump; stale; outdated;
	required version; minimum supported; newer; or newer; newer than; older than; too new; truncated; exception; still running; differ; policy; warning; offline; broke; stall; freeze; assertion; stub; dead; killed signal; backoff; syntax; garbage; no more; already present`

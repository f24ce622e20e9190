package reading

// selfWords name what programs say of themselves and of the machine's limits, in
// whichever room of the deployment.
var selfWords = [...]meaning{
	{NoReason, Processes, `create thread; pthread create; create threads; spawn thread; fork; clone thread; new thread; pids controller; pids
		cgroup; start thread; thread creation; pids limit; process limit; tasks max; max user processes; nproc; new process; thread constructor failed`},
	{Exhausted, Processes, `cannot fork; fork rejected; cannot create thread; fork failed; pthread create failed; no more processes; no more
		threads; unable to create thread; too many processes; too many threads`},
	{NoReason, GPUSubmit, `submit batchbuffer; batchbuffer; pushbuf; pushbuffer; execbuffer2; submit command buffer; command buffer; queue submit;
		submit queue; submit commands; command submission; submit batch`},
	{ReadOnly, Disk, `remounting filesystem read only; remounted filesystem read only`},
	{NoReason, Listen, `bind; listen on; nodeports; assign requested address; cannot assign`},
	{NoReason, Scheduling, `nodes available; node available; untolerated taint; unschedulable; failedscheduling; insufficient cpu; preemption;
		node selector; node affinity`},
	{NoReason, Service, `service; unit`},
	{Failed, Fatal, `fatal; aborting; cannot continue; bail out; giving up; fatal error; critical error`},
	{NoReason, Answer, `response from daemon; daemon response`},
	{NoReason, Unit, `start request; restart job; start limit; restart counter; restart limit`},
	{Crashed, Unit, `start request repeated too quickly; start limit hit; repeated too quickly; restarting too fast; respawning too fast; start
		limit reached`},
	{Crashed, Panic, `panicked; panic; called result unwrap; called option unwrap; non unwinding panic; unwrap on a none value; unwrap on an err
		value; poisonerror; recverror`},
	{NoReason, KernelModule, `insert module; could not insert; modprobe; load kernel module`},
	{NoReason, Desktop, `wayland server; wlserver; gnome; keyboard layout; keyboard map; keyboard focus; page flip; flip`},
}

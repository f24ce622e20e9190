package dump_test

// others are the ways in which dumptest/crashes/others.cpp dies.
var others = []site{
	{"optional", "stage::pick_seat", "uncaught-exception"},
	{"variant", "stage::read_event", "uncaught-exception"},
	{"stoi", "stage::parse_port", "uncaught-exception"},
	{"function", "stage::run_callback", "uncaught-exception"},
	{"string-at", "stage::cut_name", "uncaught-exception"},
	{"thread", "stage::leave_thread", ""}, // which it was, libstdc++ has no names to say
	{"pure", "stage::Scene::describe", ""},
	{"trap", "stage::check_magic", ""}, // a dump does not have the signal
	{"mutual", "_scope", "stack-overflow"},
	{"for-each", "lambda", "bad-access"},
	{"sort", "stage::compare_modes", "bad-access"},
	{"qsort", "stage::compare_ids", "bad-access"},
	{"bus", "stage::read_mapped", ""},
	{"bad-free", "stage::release_buffer", ""},
	{"destructor", "stage::unwind_twice", "uncaught-exception"},
	{"bad-cast", "stage::as_video", "uncaught-exception"},
	{"directory", "stage::list_games", "uncaught-exception"},
	{"regex", "stage::compile_filter", "uncaught-exception"},
	{"length", "stage::reserve_frames", "uncaught-exception"},
	{"rethrow", "stage::forward_error", "uncaught-exception"},
	{"promise", "stage::finish_promise", "uncaught-exception"},
	{"weak", "stage::keep_alive", "uncaught-exception"},
	{"anonymous-a", "stage::{anonymous}::Painter::paint", "bad-access"},
	{"anonymous-b", "stage::{anonymous}::Writer::paint", "bad-access"},
	{"call-operator", "stage::Clock::operator()", "bad-access"},
	{"add-operator", "stage::Clock::operator+=", "bad-access"},
}

// othersPlugged are those of other.rs.
var othersPlugged = []site{
	{"1", "connect_seat", "rust-panic"}, {"2", "crop_frame", "rust-panic"}, {"3", "add_time", "rust-panic"}, {"4", "narrow_size", "rust-panic"}, {"5", "check_format", "rust-panic"},
	{"6", "route_event", "rust-panic"}, {"7", "drop_output", "rust-panic"}, {"8", "lookup_id", "rust-panic"}, {"9", "sum_levels", "rust-panic"}, {"10", "Cursor", "rust-panic"},
	{"11", "Frame", "rust-panic"}, {"12", "decode_title", "rust-panic"}, {"13", "peek_state", "rust-panic"}, {"14", "set_gamma", "rust-panic"}, {"15", "poke_buffer", "bad-access"},
	{"16", "nest", "stack-overflow"}, {"17", "plugin_run", "rust-panic"}, {"18", "grab", "rust-panic"}, {"19", "give_up", ""}, {"20", "big_buffer", "rust-panic"},
	{"21", "shift_clock", "rust-panic"}, {"22", "worker_main", "rust-panic"},
}

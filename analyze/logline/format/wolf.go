package format

import (
	"bytes"

	"wolfdiag/analyze/logline/clock"
	"wolfdiag/analyze/logline/record"
	"wolfdiag/patterns/lineformat"
)

// wolf reads Wolf's own line (wolf:src/core/src/platforms/all/helpers/helpers/logger.hpp:init):
//
//	06:40:11.750123456 WARN  | [DOCKER] error 500 - {"message":"…"}
//	07:11:52 DEBUG | [ENET] disconnected client: 10.18.225.142:62872     other builds
//	14:50:00.586 | [HTTPS] Received resume event                         other builds
func wolf(_ *Context, t []byte, c clock.Reading, r *record.Record) bool {
	if c.HourWidth != 2 {
		return false
	}
	rest := t[c.Len:]
	level, n := wolfHead(rest)
	if n == 0 {
		return false
	}
	r.Format, r.Level = lineformat.Wolf, level
	if c.Nanos < 86401*clock.Second {
		r.Inner = record.Stamp{Kind: record.ClockUTCTimeOfDay, Nanos: c.Nanos, Resolution: c.Resolution()}
	}
	wolfText(rest[n:], r)
	return true
}

// wolfHead reads " WARN  | " after the clock, also with other padding or
// without a level.
func wolfHead(rest []byte) (record.Level, int) {
	if len(rest) < 3 || rest[0] != ' ' {
		return record.LevelNone, 0
	}
	if len(rest) >= 9 && string(rest[6:9]) == " | " {
		if l := wolfLevel(rest[1:]); l != record.LevelNone {
			return l, 9
		}
	}
	i := 1
	for i < len(rest) && rest[i] == ' ' {
		i++
	}
	w := i
	for i < len(rest) && rest[i] >= 'A' && rest[i] <= 'Z' {
		i++
	}
	level := record.LevelNone
	if i > w {
		if level = levelWord(rest[w:i]); level == record.LevelNone {
			return record.LevelNone, 0
		}
	}
	for i < len(rest) && rest[i] == ' ' {
		i++
	}
	if i >= len(rest) || rest[i] != '|' || rest[i-1] != ' ' {
		return record.LevelNone, 0
	}
	i++
	if i < len(rest) {
		if rest[i] != ' ' {
			return record.LevelNone, 0
		}
		i++
	}
	return level, i
}

// wolfBare reads the line of builds of 2023 to mid-2024, which have no clock:
//
//	INFO  | [DOCKER] Starting container: /WolfSteam_6058
func wolfBare(_ *Context, t []byte, r *record.Record) bool {
	if len(t) < 7 {
		return false
	}
	level := wolfLevel(t)
	if level == record.LevelNone {
		return false
	}
	rest := bytes.TrimLeft(t[5:], " ")
	if len(rest) == len(t)-5 && t[4] != ' ' || len(rest) == 0 || rest[0] != '|' || len(rest) > 1 && rest[1] != ' ' {
		return false
	}
	r.Format, r.Level = lineformat.Wolf, level
	wolfText(rest[min(2, len(rest)):], r)
	return true
}

func wolfText(text []byte, r *record.Record) {
	r.Text = text
	switch s := bytes.TrimRight(text, " "); {
	case bytes.HasPrefix(s, []byte("[DOCKER] Container logs:")):
		// A whole foreign log follows: records of their own.
	case OpensText(s):
		r.Continues = record.ContinuesText
		r.Joined.Open = true
	case bytes.IndexByte(s, '!') >= 0 && bytes.Contains(s, []byte(" ! ")),
		bytes.HasPrefix(s, []byte("Docker exec failed")),
		bytes.HasPrefix(s, []byte("[PROCESS]")) && bytes.Contains(s, []byte("std_err:")):
		r.Continues = record.ContinuesText
	}
}

// OpensText reports whether a line announces that its message goes on.
func OpensText(s []byte) bool {
	if len(s) == 0 {
		return false
	}
	switch s[len(s)-1] {
	case ':', '{', '(', '[', '!':
		return true
	}
	return false
}

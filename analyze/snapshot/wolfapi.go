package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// sniffJSON recognises Wolf's API and docker inspect by their first keys. A
// log of JSON lines has neither.
func sniffJSON(head []byte) Kind {
	t := bytes.TrimSpace(head)
	if bytes.HasPrefix(t, []byte("```")) {
		if i := bytes.IndexByte(t, '\n'); i >= 0 {
			t = bytes.TrimSpace(t[i:])
		}
	}
	if len(t) == 0 || (t[0] != '{' && t[0] != '[') {
		return None
	}
	flat := string(bytes.Join(bytes.Fields(t[:min(len(t), 2048)]), nil))
	if strings.Contains(flat, `"HostConfig":`) || strings.Contains(flat, `"State":{"Status"`) || strings.HasPrefix(flat, `[{"Id":"`) {
		return DockerInspect
	}
	if strings.Contains(flat, `"success":`) || strings.HasPrefix(flat, `{"sessions":`) {
		for _, k := range []struct {
			key  string
			kind Kind
		}{{`"lobbies":[`, WolfLobbies}, {`"sessions":[`, WolfSessions}, {`"apps":[`, WolfApps}, {`"clients":[`, WolfClients}} {
			if strings.Contains(flat, k.key) {
				return k.kind
			}
		}
	}
	return None
}

// apiReply is any of Wolf's list replies; numbers may be strings.
type apiReply struct {
	Success  *bool
	Error    string
	Sessions []map[string]any
	Lobbies  []map[string]any
	Apps     []map[string]any
	Clients  []map[string]any
}

func (s *Snapshot) wolfAPI(data []byte) error {
	var r apiReply
	if err := json.Unmarshal(jsonPart(data), &r); err != nil {
		return fmt.Errorf("wolf api: %w", err)
	}
	if r.Success != nil && !*r.Success {
		s.fact(1, "", "Wolf's API answered with an error: "+r.Error, "the API thread is alive")
		return nil
	}
	switch s.Kind {
	case WolfSessions:
		s.sessions(r.Sessions)
	case WolfLobbies:
		s.lobbies(r.Lobbies)
	case WolfApps:
		s.fact(1, "", fmt.Sprintf("%d apps are configured", len(r.Apps)), "apps are configuration, not load")
	case WolfClients:
		s.fact(1, "", fmt.Sprintf("%d clients are paired", len(r.Clients)), "")
	}
	return nil
}

func (s *Snapshot) sessions(list []map[string]any) {
	for _, m := range list {
		s.Sessions = append(s.Sessions, Session{ID: text(m["client_id"]), AppID: text(m["app_id"]),
			Width: whole(m["video_width"]), Height: whole(m["video_height"]), FPS: whole(m["video_refresh_rate"])})
	}
	said := fmt.Sprintf("%d live sessions", len(list))
	if len(list) == 1 {
		said = "1 live session"
		if x := s.Sessions[0]; x.Width > 0 {
			said += fmt.Sprintf(" (%d×%d at %d Hz)", x.Width, x.Height, x.FPS)
		}
	}
	bears := "Wolf's API answers: its API thread is alive"
	if len(list) <= 2 {
		s.fact(1, "fact-encoder-sessions-low", said, bears+"; too few sessions for an encoder limit")
		return
	}
	s.fact(1, "", said, bears)
}

func (s *Snapshot) lobbies(list []map[string]any) {
	s.Lobbies = len(list)
	empty := 0
	for _, m := range list {
		if c, ok := m["connected_sessions"].([]any); ok && len(c) == 0 {
			empty++
		}
	}
	said := fmt.Sprintf("%d lobbies, %d of them with nobody connected", len(list), empty)
	if empty > 0 {
		s.fact(1, "fact-lobbies-empty", said, "each lobby holds a compositor, producers and a container: supports session-leak")
		return
	}
	s.fact(1, "", said, "")
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return ""
}

func whole(v any) int {
	switch v := v.(type) {
	case float64:
		return int(v)
	case string:
		n := 0
		if _, err := fmt.Sscanf(v, "%d", &n); err == nil {
			return n
		}
	}
	return 0
}

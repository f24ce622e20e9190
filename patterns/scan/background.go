package scan

// A literal is looked for by the grams of one window of it, and grams that
// stand in every other line make poor anchors. These texts say which those are:
// chatter is what a server at TRACE prints thousands of times, usual what most
// logs hold here and there.
const chatter = `06:40:11.752176123 TRACE | [ENET] Received 259 bytes
 DEBUG | [ENET] TRACE | [ENET] Received packet of type from client
 TRACE | [INPUT] Received input of type: MOUSE_MOVE_REL MOUSE_MOVE_ABS KEYBOARD CONTROLLER_MULTI
 TRACE | [CONTROL] received: INPUT_DATA PERIODIC_PING LOSS_STATS FRAME_STATS
 DEBUG | [HTTP] GET request from 192.168.1.23:41364 /serverinfo
 DEBUG | [HTTPS] GET request from
 DEBUG | [API] Received request: GET /api/v1/sessions -
 DEBUG | [RTSP] received command
 DEBUG | [GSTREAMER] Forcing IDR
 TRACE | [RTP] Received PING from
 INFO  | WARN  | ERROR | DEBUG | [STREAM_SESSION] DEBUG | [DOCKER] DEBUG | [PULSE] DEBUG | [WAYLAND]
2025-10-02T06:40:11.972646Z  INFO waylanddisplaycore::comp: DEBUG smithay::backend::renderer::gles: WARN smithay::wayland:: ERROR
0:00:12.345678901     1 0x7f12c8000d80 DEBUG               GST_EVENT gstevent.c:892:gst_event_new_caps: LOG  GST_BUFFER WARN
{"log":"","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"} "stdout"
`

const usual = `MOUSE_BUTTON MOUSE_SCROLL HAPTICS IDR_FRAME <?xml version="1.0" encoding="utf-8"?><root status_code="200"><hostname>Wolf</hostname>
 /serverinfo?uniqueid=0123456789ABCDEF&uuid= /applist /appasset OPTIONS DESCRIBE SETUP ANNOUNCE PLAY
 Starting video pipeline: audio pipeline: interpipesrc listen-to=_video is-live=true stream-sync=restart-ts max-bytes=0 max-buffers=1
 Create virtual audio sink, session, waiting for PING... Checking container status Added device: /dev/input/event12
 Adding input device. path="/dev/input/event12" Received command. command=Input(Device(
 creating caps event video/x-raw, width=(int)1920, height=(int)1080, format=(string) basesrc basesink videoencoder gstnvencoder.cpp
 Launching the container, startup script, user, group, device, failed to, Failed to, could not, Could not, unable to, Unable to, error: , Error:
 [sway/main.c:345] [wlr] [backend/wayland/backend.c:601] [types/wlr_output.c dockerd[123]: kernel: container wolf[1381]:
 connected client: keyboard controller control connection resource permission missing nothing matching loading setting starting finished for the is not and with
`

// grams knows the grams of the texts above by a hash. It may take a gram for
// one of them that is not.
type grams struct {
	chatter, usual [gramWords]uint64
	mask           uint64
}

const (
	gramBits  = 15
	gramWords = 1 << (gramBits - 6)

	usualCost   = 1 // of a gram of usual, in a window
	chatterCost = 16
)

func newGrams(q int) *grams {
	g := &grams{mask: 1<<(8*q) - 1}
	fill(&g.chatter, chatter, q)
	fill(&g.usual, usual, q)
	return g
}

func fill(bits *[gramWords]uint64, text string, q int) {
	var v uint64
	for i := range len(text) {
		v = v>>8 | uint64(text[i])<<(8*(q-1))
		if i >= q-1 {
			h := v * hashMul >> (64 - gramBits)
			bits[h>>6] |= 1 << (h & 63)
		}
	}
}

// cost is high for a gram that ordinary lines hold, 0 for one they do not.
func (g *grams) cost(gram uint64) uint8 {
	h := (gram & g.mask) * hashMul >> (64 - gramBits)
	return uint8(g.chatter[h>>6]>>(h&63)&1)*chatterCost + uint8(g.usual[h>>6]>>(h&63)&1)*usualCost
}

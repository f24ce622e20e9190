package analyze

import (
	"fmt"
	"strings"
	"testing"
)

// TestOnlyGStreamer reads lives that nothing shows but GStreamer's clock: short
// ones that fail alike, and one in which only harmless lines are printed. A
// block of many lines counts forms without looking at each clock, so the lives
// come behind such a crowd as well.
func TestOnlyGStreamer(t *testing.T) {
	t.Parallel()
	const (
		plugin = `0:00:00.0012%05d     1 0x77fb7c0562e0 WARN      GST_PLUGIN_LOADING gstplugin.c:500:_gst_plugin_load: plugin "/usr/lib/gstreamer-1.0/libgstx.so" failed to initialise`
		failed = `0:00:%02d.067391200     1 0x77fb7c0562e0 ERROR            GST_CONTEXT gstcudautils.cpp:230:gst_cuda_ensure_element_context:<nvh265enc1> Failed to create CUDA context with device-id 0`
	)
	for _, crowd := range []int{0, 300} {
		var b strings.Builder
		for i := range crowd {
			fmt.Fprintf(&b, "1:%02d:%02d%s\n", i/60, i%60, fmt.Sprintf(plugin, i)[7:])
		}
		want := ""
		if crowd > 0 {
			want = "[0 sessions, fails in 0]"
		}
		for _, at := range []int{14, 0, 25, 27} { // 0: nothing fails
			fmt.Fprintf(&b, plugin+"\n", at)
			if at == 0 {
				fmt.Fprintln(&b, strings.Replace(fmt.Sprintf(plugin, at), "0:00:00", "0:09:00", 1))
				want += "[0 sessions, fails in 0]"
				continue
			}
			fmt.Fprintf(&b, failed+"\n", at)
			want += "[1 sessions, fails in 1]"
		}
		if got := lives(read(t, Options{Workers: 1}, named{"wolf.log", []byte(b.String())})); got != want {
			t.Errorf("behind %d lines:\n got %s\nwant %s", crowd, got, want)
		}
	}
}

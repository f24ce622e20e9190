package setup

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said makes a Builder of lines, each with the parts a pattern would capture.
func said(lines ...[]Part) *Builder {
	b := &Builder{}
	for i, parts := range lines {
		b.Line(Place{Input: "wolf.log", Line: int64(i + 1)}, parts)
	}
	return b
}

func gpu(node, vendor string) []Part { return []Part{{"node", node}, {"vendor", vendor}} }
func used(node, by string) []Part    { return []Part{{"used", by}, {"node", node}} }
func encodes(codec, by string) []Part {
	return []Part{{"codec", codec}, {"encoder", by}}
}

const d128, d129 = "/dev/dri/renderD128", "/dev/dri/renderD129"

func TestVendorInUse(t *testing.T) {
	for _, tt := range []struct {
		name   string
		b      *Builder
		vendor Vendor
		inUse  map[string]Answer
	}{
		{"nothing known", &Builder{}, VendorUnknown, map[string]Answer{"libcuda.so.1": Unknown, d128: Unknown}},
		{"Wolf names its GPU", said(gpu(d128, "Advanced Micro Devices, Inc. [AMD/ATI]"), encodes("h264", "va"), used(d128, "AMD")), VendorAMD,
			map[string]Answer{"libcuda.so.1": No, "/dev/nvidia0": No, d128: Yes, d129: No, "radeonsi": Yes, "iHD_drv_video.so": No}},
		{"two GPUs, the second is used", said(gpu(d128, "Intel Corporation"), gpu(d129, "NVIDIA Corporation"), used(d129, "Nvidia")), VendorNVIDIA,
			map[string]Answer{d128: No, "i915": No, "/dev/nvidiactl": Yes, "libcuda.so.1": Yes}},
		{"the encoder tells", said(encodes("h264", "nvcodec"), encodes("av1", "aom")), VendorNVIDIA, map[string]Answer{"libcuda.so.1": Yes, "amdgpu": No}},
		{"VA-API is AMD's or Intel's", said(encodes("h264", "va")), VendorUnknown, map[string]Answer{"libcuda.so.1": No, "amdgpu": Unknown}},
		{"a fallback to software is no choice", said(encodes("h264", "x264"), encodes("hevc", "x265")), VendorSoftware, map[string]Answer{"libcuda.so.1": Unknown}},
		{"software on a host with a GPU", said(gpu(d128, "NVIDIA Corporation"), encodes("h264", "x264")), VendorNVIDIA, map[string]Answer{"libcuda.so.1": Unknown}},
		{"the last word counts", said(used(d128, "Intel"), used(d129, "Nvidia"), used(d128, "Intel")), VendorIntel, map[string]Answer{"libcuda.so.1": No}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.b.Setup()
			if got := s.Vendor(); got != tt.vendor {
				t.Errorf("Vendor() = %q, want %q", got, tt.vendor)
			}
			for device, want := range tt.inUse {
				if got := s.InUse(device); got != want {
					t.Errorf("InUse(%s) = %v, want %v", device, got, want)
				}
			}
		})
	}
}

// An encoder that runs tells the vendor where Wolf's choice is not in the log.
func TestElement(t *testing.T) {
	b := &Builder{}
	for _, e := range []string{"pulsesrc3", "vapostproc0", "nvh265enc10", "x264enc0"} {
		b.Element(Place{"wolf.log", 7}, e)
	}
	if s := b.Setup(); s.Vendor() != VendorNVIDIA || s.InUse("amdgpu") != No {
		t.Errorf("vendor %q, amdgpu in use %v", s.Vendor(), s.InUse("amdgpu"))
	}
	b.Line(Place{}, encodes("h264", "va"))
	if s := b.Setup(); s.Vendor() != VendorUnknown {
		t.Errorf("Wolf's own choice counts less than an element: %q", s.Vendor())
	}
}

func TestAskedFor(t *testing.T) {
	amd := said(used(d128, "AMD"))
	if s := amd.Setup(); s.AskedFor("libcuda.so.1") != Unknown || !s.Idle("libcuda.so.1") {
		t.Errorf("without a configuration: AskedFor = %v, Idle = %v, want unknown, true", s.AskedFor("libcuda.so.1"), s.Idle("libcuda.so.1"))
	}
	amd.Add(Statement{About: AboutConfig, Place: Place{Input: "inspect.json"}})
	if got := amd.Setup().AskedFor("/dev/nvidia0"); got != No {
		t.Errorf("the configuration does not name NVIDIA: AskedFor = %v, want no", got)
	}
	amd.Add(Statement{About: AboutRuntime, Value: "nvidia", Place: Place{Input: "inspect.json"}})
	s := amd.Setup()
	if s.AskedFor("libcuda.so.1") != Yes || s.Idle("libcuda.so.1") {
		t.Errorf("runtime nvidia: AskedFor = %v, Idle = %v, want yes, false", s.AskedFor("libcuda.so.1"), s.Idle("libcuda.so.1"))
	}
	b := said(used(d128, "AMD"))
	b.Add(Statement{About: AboutVariable, Of: "WOLF_RENDER_NODE", Value: d129})
	if s := b.Setup(); s.AskedFor(d129) != Yes || s.Idle(d129) {
		t.Errorf("WOLF_RENDER_NODE names %s: AskedFor = %v, want yes", d129, s.AskedFor(d129))
	}
}

func TestEngineAndNames(t *testing.T) {
	for _, tt := range []struct {
		name   string
		feed   func(b *Builder)
		engine Engine
		wolf   string
		app    string
	}{
		{"prefix of docker compose logs", func(b *Builder) { b.Transport(Place{}, "compose"); b.Service(Place{}, "wolf-1") }, EngineCompose, "wolf-1", ""},
		{"json file of the daemon", func(b *Builder) { b.Transport(Place{}, "docker-json") }, EngineDocker, "", ""},
		{"a quadlet in the journal", func(b *Builder) {
			b.Transport(Place{}, "journald")
			for _, n := range []string{"systemd", "podman", "wolf", "WolfPulseAudio", "WolfFirefox_715204836091427358"} {
				b.Service(Place{}, n)
			}
		}, EnginePodman, "wolf", "WolfFirefox_715204836091427358"},
		{"a file outweighs the form of the log", func(b *Builder) {
			b.Transport(Place{}, "docker-json")
			b.Add(Statement{About: AboutEngine, Value: string(EngineCompose)})
			b.Service(Place{}, "wolf-1")
			b.Add(Statement{About: AboutContainer, Value: "/gaming-wolf-1", Of: "ghcr.io/games-on-whales/wolf:stable"})
		}, EngineCompose, "gaming-wolf-1", ""},
		{"a container whose name does not tell", func(b *Builder) {
			b.Add(Statement{About: AboutContainer, Value: "streamer", Of: "ghcr.io/games-on-whales/wolf:stable"})
			b.Add(Statement{About: AboutRole, Of: "streamer", Value: string(RoleWolf)})
		}, EngineUnknown, "streamer", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &Builder{}
			tt.feed(b)
			s := b.Setup()
			if got := [3]string{string(s.Engine), s.Wolf().Name, s.App().Name}; got != [3]string{string(tt.engine), tt.wolf, tt.app} {
				t.Errorf("engine, Wolf, app = %q, want %q %q %q", got, tt.engine, tt.wolf, tt.app)
			}
		})
	}
}

func TestGPUsAreOne(t *testing.T) {
	b := &Builder{}
	b.Add(Statement{About: AboutGPU, Of: "01:00.0", Value: "NVIDIA Corporation AD104 [GeForce RTX 4070]", Place: Place{"lspci.txt", 1}})
	b.Add(Statement{About: AboutGPU, Of: "00000000:01:00.0", Value: "NVIDIA GeForce RTX 4070", Place: Place{"smi.txt", 5}})
	b.Add(Statement{About: AboutUsed, Of: d129, Value: "Nvidia", Place: Place{"wolf.log", 9}})
	want := []GPU{{Vendor: VendorNVIDIA, Bus: "01:00.0", Node: d129, Name: "NVIDIA Corporation AD104 [GeForce RTX 4070]", Place: Place{"lspci.txt", 1}}}
	if d := cmp.Diff(want, b.Setup().GPUs); d != "" {
		t.Error(d)
	}
}

// Merging two builders is the same as feeding one, in that order.
func TestMerge(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var all []Statement
		for range rnd.IntN(30) {
			all = append(all, Statement{
				About: []About{AboutUsed, AboutEncoder, AboutGPU, AboutContainer, AboutVersion}[rnd.IntN(5)],
				Of:    []string{d128, d129, "x"}[rnd.IntN(3)], Value: []string{"AMD", "NVIDIA", "Intel"}[rnd.IntN(3)],
				Place: Place{"a", int64(len(all) + 1)},
			})
		}
		var one, first, second Builder
		cut := rnd.IntN(len(all) + 1)
		for i, s := range all {
			one.Add(s)
			if i < cut {
				first.Add(s)
			} else {
				second.Add(s)
			}
		}
		first.Merge(&second)
		if d := cmp.Diff(one.Setup(), first.Setup(), cmp.AllowUnexported(Setup{})); d != "" {
			t.Fatal(d)
		}
	}
}

func TestBounded(t *testing.T) {
	b := &Builder{}
	for i := range 10 * maxKept {
		b.Add(Statement{About: AboutContainer, Value: fmt.Sprintf("app_%d", i)})
		b.Add(Statement{About: AboutUsed, Of: d128, Value: []string{"AMD", "Intel"}[i%2]})
	}
	if len(b.list) > 2*maxKept || b.Dropped() != 9*maxKept+2 {
		t.Errorf("%d statements kept, %d dropped", len(b.list), b.Dropped())
	}
	if got := b.Setup().Used.Vendor; got != VendorIntel {
		t.Errorf("the last word was lost: %q", got)
	}
}

func TestVendorOf(t *testing.T) {
	for name, want := range map[string]Vendor{
		"NVIDIA Corporation": VendorNVIDIA, "Nvidia": VendorNVIDIA, "/dev/nvidiactl": VendorNVIDIA, "libcuda.so.1": VendorNVIDIA, "libnvrtc.so.12": VendorNVIDIA,
		"Advanced Micro Devices, Inc. [AMD/ATI]": VendorAMD, "AMD": VendorAMD, "radeonsi": VendorAMD, "AMD Radeon RX 6600 (radeonsi, navi23, LLVM 19.1.7, DRM 3.61)": VendorAMD,
		"Intel Corporation": VendorIntel, "iHD_drv_video.so": VendorIntel, "xe": VendorIntel,
		"Red Hat, Inc. Virtio 1.0 GPU": VendorVirtual, "llvmpipe (LLVM 19.1.7, 256 bits)": VendorSoftware,
		d128: VendorUnknown, "": VendorUnknown, "libEGL.so.1": VendorUnknown,
	} {
		if got := VendorOf(name); got != want {
			t.Errorf("VendorOf(%q) = %q, want %q", name, got, want)
		}
	}
}

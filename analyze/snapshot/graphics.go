package snapshot

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"wolfdiag/analyze/setup"
	"wolfdiag/internal/lazyregexp"
)

// pciDevice: 03:00.0 VGA compatible controller [0300]: Intel Corporation Battlemage G21 [Arc B580] [8086:e20b] (rev 52)
var pciDevice = lazyregexp.NewIf(atFunction, `^((?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ([A-Z][\w -]*?)(?: \[[0-9a-f]{4}\])?: (.+?)(?: \[([0-9a-f]{4}):[0-9a-f]{4}\])?(?: \(rev [0-9a-f]{2}\))?(?: \(prog-if .*\))?$`)

// atFunction reports whether a line has the dot of an address: 03:00.0, 0000:03:00.0.
func atFunction(l string) bool { return len(l) > 5 && l[5] == '.' || len(l) > 10 && l[10] == '.' }

func isPCIList(lines []string) bool {
	return slices.ContainsFunc(lines[:min(len(lines), 3)], pciDevice.MatchString)
}

// pciList reads lspci, with -k and -nn or without: the graphics devices and the
// kernel drivers that hold them.
func (s *Snapshot) pciList(data []byte) error {
	gpu, at, driver, kernel := "", 0, "", false
	done := func() {
		switch {
		case gpu == "":
		case driver == "vfio-pci":
			s.fact(at, "fact-gpu-without-driver", gpu+" is held by vfio-pci", "it is kept for a virtual machine: the host and its containers cannot use it").Lasting = true
		case driver != "":
			s.fact(at, "", gpu+" is driven by "+driver, "")
		case kernel && setup.VendorOf(gpu).Hardware():
			s.fact(at, "fact-gpu-without-driver", gpu+" has no kernel driver", "without one there are no device nodes to give to a container")
		}
		gpu, driver = "", ""
	}
	kernel = bytes.Contains(data, []byte("Kernel driver in use:"))
	found := 0
	eachLine(data, func(n int, line string) {
		if m := pciDevice.FindStringSubmatch(line); m != nil {
			done()
			if !slices.Contains([]string{"VGA compatible controller", "3D controller", "Display controller"}, m[2]) {
				return
			}
			found++
			gpu, at = m[3], n
			if v := setup.VendorOfPCI(m[4]); v == setup.VendorVirtual || setup.VendorOf(gpu) == setup.VendorVirtual {
				s.fact(n, "", gpu+" is a virtual or management adapter", "it draws a console and encodes nothing")
				gpu = ""
				return
			}
			s.says(n, setup.AboutGPU, m[1], gpu)
			return
		}
		if d, ok := strings.CutPrefix(line, "Kernel driver in use: "); ok {
			driver = d
		}
	})
	done()
	if found == 0 {
		s.fact(1, "", "no graphics device is on the PCI bus", "the machine has no GPU, or it is not passed through")
	}
	return nil
}

func isVAInfo(s *sample) bool {
	return bytes.Contains(s.head, []byte("vainfo: Driver version:")) || bytes.Contains(s.head, []byte("vainfo: Supported profile"))
}

// vaEncode: VAProfileHEVCMain10             :	VAEntrypointEncSlice
var vaEncode = lazyregexp.New(`^VAProfile(H264|HEVC|AV1|VP9)\w*\s*:\s*VAEntrypointEncSlice`)

// vaInfo reads what vainfo prints when it succeeds: the driver, and what it can
// encode. Where it fails its words are evidence, and the file is read as a log.
func (s *Snapshot) vaInfo(data []byte) error {
	codecs := map[string]int{}
	driver, at := "", 1
	eachLine(data, func(n int, line string) {
		if v, ok := strings.CutPrefix(line, "vainfo: Driver version: "); ok {
			driver, at = v, n
			s.says(n, setup.AboutVersion, setup.ComponentLibva, v)
			s.says(n, setup.AboutGPU, "", v)
			s.mesa(n, v)
		}
		if m := vaEncode.FindStringSubmatch(line); m != nil && codecs[m[1]] == 0 {
			codecs[m[1]] = n
		}
	})
	var can []string
	for _, c := range []string{"H264", "HEVC", "AV1"} {
		if codecs[c] > 0 {
			can = append(can, c)
		}
	}
	if driver == "" {
		driver = "the VA-API driver"
	}
	if len(can) == 0 {
		s.fact(at, "fact-va-no-encoder", driver+" offers no encoder", "this GPU, or this build of its driver, can only decode").Lasting = true
		return nil
	}
	s.fact(at, "fact-va-encodes", driver+" encodes "+strings.Join(can, ", "), "VA-API works where this was run")
	return nil
}

// mesaVersion: Mesa 22.3.6 · Mesa Gallium driver 24.2.8 for AMD Radeon RX 6600
var mesaVersion = lazyregexp.New(`\bMesa(?: Gallium driver)? (\d+\.\d+\.\d+[\w.-]*)`)

// mesa notes the version of Mesa that a text names.
func (s *Snapshot) mesa(line int, text string) {
	if m := mesaVersion.FindStringSubmatch(text); m != nil {
		s.says(line, setup.AboutVersion, setup.ComponentMesa, m[1])
	}
}

func isVulkanInfo(s *sample) bool {
	return slices.Contains(s.lines, "VULKANINFO") || len(s.lines) > 2 && strings.HasPrefix(s.lines[0], "GPU0:") && bytes.Contains(s.head, []byte("deviceName"))
}

// vulkanInfo reads vulkaninfo, whole or --summary: the devices and their drivers.
func (s *Snapshot) vulkanInfo(data []byte) error {
	name, hardware, seen := "", 0, 0
	eachLine(data, func(n int, line string) {
		k, v, ok := strings.Cut(line, "=")
		if !ok {
			return
		}
		v = strings.TrimSpace(v)
		switch strings.TrimSpace(k) {
		case "deviceName":
			name = v
			seen++
			if setup.VendorOf(v) == setup.VendorSoftware {
				return
			}
			hardware++
			s.says(n, setup.AboutGPU, "", v)
		case "driverInfo":
			s.mesa(n, v)
			if name != "" {
				s.fact(n, "", "Vulkan sees "+name+", driver "+v, "")
			}
			if setup.VendorOf(name) == setup.VendorNVIDIA && v != "" {
				s.says(n, setup.AboutVersion, setup.ComponentDriver, v)
			}
		}
	})
	switch {
	case seen == 0:
		s.fact(1, "fact-no-hardware-gl", "Vulkan sees no device", "no driver fits a GPU where this was run")
	case hardware == 0:
		s.fact(1, "fact-no-hardware-gl", "Vulkan sees no GPU, only "+name, "no hardware driver works where this was run")
	}
	return nil
}

func isEGLInfo(s *sample) bool {
	return bytes.Contains(s.head, []byte("EGL client extensions string:")) && !bytes.Contains(s.head, []byte(" | "))
}

// eglPlatform: GBM platform:
var eglPlatform = lazyregexp.New(`^(GBM|Wayland|X11|Surfaceless|Device|Android) platform:$`)

// eglInfo reads eglinfo: which driver serves each platform. Wolf's compositor
// works on GBM and on devices; that Wayland and X11 fail on a server is as it
// should be.
func (s *Snapshot) eglInfo(data []byte) error {
	platform, hardware, software := "", false, false
	eachLine(data, func(n int, line string) {
		if m := eglPlatform.FindStringSubmatch(line); m != nil {
			platform = m[1]
			return
		}
		k, v, ok := strings.Cut(line, ": ")
		switch {
		case !ok:
		case k == "eglinfo" && strings.HasSuffix(v, "failed") && platform == "GBM":
			s.fact(n, "", "EGL on GBM: "+v, "ordinary where no render node is at hand; Wolf's compositor needs it")
		case k == "EGL driver name":
			switch setup.VendorOf(v) {
			case setup.VendorSoftware:
				software = true
			default:
				hardware = true
				s.fact(n, "", fmt.Sprintf("EGL on the %s platform: driver %s", platform, v), "")
				s.says(n, setup.AboutGPU, "", v)
			}
		case k == "EGL vendor string" && v == "NVIDIA":
			hardware = true
			s.says(n, setup.AboutGPU, "", v)
			s.fact(n, "", "EGL on the "+platform+" platform: NVIDIA's driver", "")
		case strings.HasSuffix(k, "renderer"):
			s.mesa(n, v)
		}
	})
	if software && !hardware {
		s.fact(1, "fact-no-hardware-gl", "EGL has only the software driver", "no hardware driver works where this was run")
	}
	return nil
}

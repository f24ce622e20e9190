package setup

import "strings"

// Part is a named part of a log line: what a pattern of the catalogue captured.
type Part struct{ Name, Value string }

// component is the one whose version a part of this name is, "" for none.
func component(part string) string {
	switch part {
	case "gstreamer":
		return ComponentGStreamer
	case "wolf":
		return ComponentWolf
	case "driver":
		return ComponentDriver
	case "mesa":
		return ComponentMesa
	case "libva":
		return ComponentLibva
	case "kernel":
		return ComponentKernel
	case "distribution":
		return ComponentDistribution
	}
	return ""
}

// path is the one that a part of this name is, "" for none.
func path(part string) string {
	switch part {
	case PathSocket, PathConfig, PathRuntime:
		return part
	}
	return ""
}

// Line notes what the named parts of one line say:
//
//	vendor and node        a GPU: /dev/dri/renderD128 vendor: Intel Corporation
//	used and node          the GPU Wolf works on: Using zero copy pipeline on AMD (/dev/dri/renderD128)
//	codec and encoder      Using h264 encoder: nvcodec
//	asked                  what the configuration names: Overriding GPU vendor to AMD via GPU_TYPE
//	volume                 Mounting nvidia driver nvidia-driver-vol:/usr/nvidia
//	inside and outside     Detected mounted /etc/wolf in the host as /mnt/user/appdata/wolf
//	container              [DOCKER] Starting container: /WolfSteam_715204836091427358
//	gstreamer, driver, …   versions
//	socket, config, …      paths
//
// Parts of other names are left alone, and a line whose parts say nothing costs
// a look at each.
func (b *Builder) Line(p Place, parts []Part) {
	part := func(name string) string {
		for i := range parts {
			if parts[i].Name == name {
				return parts[i].Value
			}
		}
		return ""
	}
	for _, x := range parts {
		s := Statement{Value: x.Value, Place: p}
		switch x.Name {
		case "vendor":
			s.About, s.Of = AboutGPU, part("node")
		case "used":
			s.About, s.Of = AboutUsed, part("node")
		case "encoder":
			s.About, s.Of = AboutEncoder, part("codec")
		case "asked":
			s.About = AboutDevice
		case "volume":
			s.About = AboutVolume
			if VendorOf(s.Value) == VendorUnknown {
				s.Value = "nvidia: " + s.Value // only NVIDIA's drivers come in a volume
			}
		case "inside":
			s.About, s.Of, s.Value = AboutMount, x.Value, part("outside")
		case "container":
			s.About = AboutContainer
			if id := part("session"); id != "" && !strings.HasSuffix(s.Value, id) {
				s.Value += "_" + id
			}
		default:
			if c := component(x.Name); c != "" {
				s.About, s.Of = AboutVersion, c
			} else if d := path(x.Name); d != "" {
				s.About, s.Of = AboutPath, d
			} else {
				continue
			}
		}
		b.Add(s)
	}
}

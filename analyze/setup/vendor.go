package setup

import "strings"

// Vendor is the maker of a GPU.
type Vendor string

// The vendors. VendorVirtual is a virtual or management adapter that cannot
// encode (virtio, QXL, ASPEED); VendorSoftware is no GPU at all.
const (
	VendorUnknown  Vendor = ""
	VendorNVIDIA   Vendor = "nvidia"
	VendorAMD      Vendor = "amd"
	VendorIntel    Vendor = "intel"
	VendorVirtual  Vendor = "virtual"
	VendorSoftware Vendor = "software"
)

// Hardware reports whether it is a vendor of GPUs that Wolf can work on.
func (v Vendor) Hardware() bool {
	return v == VendorNVIDIA || v == VendorAMD || v == VendorIntel
}

// marks are parts of names, in lower case, that belong to one vendor: of
// companies, devices, kernel modules, user-space drivers and libraries. The
// first that occurs decides.
var marks = []struct {
	part   string
	vendor Vendor
}{
	{"llvmpipe", VendorSoftware}, {"softpipe", VendorSoftware}, {"swrast", VendorSoftware}, {"lavapipe", VendorSoftware}, {"swiftshader", VendorSoftware},
	{"virtio", VendorVirtual}, {"red hat", VendorVirtual}, {"qxl", VendorVirtual}, {"vmware", VendorVirtual}, {"hyper-v", VendorVirtual}, {"aspeed", VendorVirtual},
	{"matrox", VendorVirtual}, {"cirrus", VendorVirtual}, {"virgl", VendorVirtual},
	{"nvidia", VendorNVIDIA}, {"libcuda", VendorNVIDIA}, {"libnv", VendorNVIDIA}, {"nvcodec", VendorNVIDIA}, {"nvenc", VendorNVIDIA}, {"nvh26", VendorNVIDIA},
	{"nvav1", VendorNVIDIA}, {"cuda", VendorNVIDIA}, {"nouveau", VendorNVIDIA}, {"nvml", VendorNVIDIA}, {"nvrm", VendorNVIDIA}, {"geforce", VendorNVIDIA}, {"quadro", VendorNVIDIA},
	{"amd/ati", VendorAMD}, {"advanced micro devices", VendorAMD}, {"amdgpu", VendorAMD}, {"radeon", VendorAMD}, {"radv", VendorAMD}, {"libamf", VendorAMD},
	{"/dev/kfd", VendorAMD}, {"rocm", VendorAMD}, {"amdvlk", VendorAMD},
	{"intel", VendorIntel}, {"ihd_drv", VendorIntel}, {"i965", VendorIntel}, {"i915", VendorIntel}, {"libmfx", VendorIntel}, {"libvpl", VendorIntel},
	{"msdk", VendorIntel}, {"qsv", VendorIntel}, {"quicksync", VendorIntel},
}

// VendorOf returns whose hardware a name means: a company's (NVIDIA
// Corporation), a device's (/dev/nvidiactl, /dev/kfd), a driver's (radeonsi,
// iHD_drv_video.so) or a library's (libcuda.so.1). VendorUnknown when it is
// nobody's in particular, as a render node is.
func VendorOf(name string) Vendor {
	low := strings.ToLower(name)
	for _, m := range marks {
		if strings.Contains(low, m.part) {
			return m.vendor
		}
	}
	switch low { // too short to be looked for inside of words
	case "amd", "ati", "amf", "vce", "vcn":
		return VendorAMD
	case "xe", "anv", "hasvk", "iris":
		return VendorIntel
	case "nvk":
		return VendorNVIDIA
	}
	if strings.HasPrefix(low, "amd ") || strings.HasPrefix(low, "ati ") {
		return VendorAMD
	}
	return VendorUnknown
}

// pciVendors are the vendor ids of PCI, as lspci -n and /sys show them.
var pciVendors = map[string]Vendor{
	"10de": VendorNVIDIA, "1002": VendorAMD, "1022": VendorAMD, "8086": VendorIntel,
	"1af4": VendorVirtual, "1b36": VendorVirtual, "15ad": VendorVirtual, "1a03": VendorVirtual, "1234": VendorVirtual, "1414": VendorVirtual, "102b": VendorVirtual,
}

// VendorOfPCI returns the vendor of a PCI vendor id such as 10de or 0x10DE.
func VendorOfPCI(id string) Vendor {
	return pciVendors[strings.TrimPrefix(strings.ToLower(id), "0x")]
}

// encoderVendor is whose hardware an encoder is, by the name that Wolf's
// configuration gives to it (wolf:src/moonlight-server/state/default/config.include.toml:
// nvcodec, qsv, va, vaapi, applemedia, x264, x265, aom) or that of the element.
// Unknown for VA-API, which AMD and Intel share.
func encoderVendor(name string) Vendor {
	low := strings.ToLower(name)
	switch {
	case isVA(low):
		return VendorUnknown
	case strings.HasPrefix(low, "x26"), strings.HasPrefix(low, "openh264"), low == "aom", low == "av1enc", low == "svt", strings.HasPrefix(low, "svtav1"),
		low == "software", low == "rav1e":
		return VendorSoftware
	}
	return VendorOf(low)
}

// isVA reports whether an encoder is one of VA-API.
func isVA(name string) bool {
	return name == "va" || name == "vaapi" || strings.HasPrefix(name, "vaapi") || strings.HasPrefix(name, "vah26") || strings.HasPrefix(name, "vaav1")
}

package reading

import "wolfdiag/analyze/speaker"

// codes reads error numbers and result codes; what a number means depends on
// whose it is.
func (f *finding) codes(s *scanner, c *Complaint) {
	for i := 0; i < s.n; i++ {
		t := &s.tokens[i]
		if t.kind != tokenNumber && t.kind != tokenHex {
			continue
		}
		before := s.wordsBefore(i)
		if before == "" {
			continue
		}
		var r Reason
		var o Object
		n := t.number
		if n == 0 && f.objects.Has(Vulkan) && before == "error" { // VK_SUCCESS
			f.soft = true
		}
		switch {
		case f.objects.Has(Vulkan) && n < 0:
			r, o = vkResult(n)
		case f.objects.Has(MFX) && n < 0:
			r, o = mfxStatus(n)
		case f.objects.Has(NVENC) && n > 0 && n < 64:
			r, o = nvencStatus(n)
		case (f.objects.Has(CUDA) || f.objects.Has(NvidiaLibrary)) && n > 0 && n < 1000 && (before == "error" || before == "code" || before == "status"):
			r, o = cudaResult(n)
		case before == "exit" || before == "signal" || before == "status" && f.reasons.Has(Crashed):
			if n != 0 {
				r = Crashed
			}
		case (before == "http" || before == "status" || before == "code" || before == "error") && n >= 400 && n < 600:
			r, o = httpStatus(n)
		case before == "type" && n == 1326 && c.Speaker == speaker.Kernel: // audit: a system call that seccomp refused
			r, o = Refused, Privilege
		case before == "error" && (n == 12 || n == 13 || n == 24 || n == 28 || n == 98 || n == 104 || n == 110 || n == 111 || n == 113):
			r, o = errnoReason(n)
		case before == "errno" || n < 0 && n > -134:
			r, o = errnoReason(max(n, -n))
		}
		if r != NoReason {
			f.reasons |= 1 << r
			f.code = *t
		}
		f.objects.add(o)
	}
}

// wordsBefore says what kind of number one is, by the words before it; empty
// when it is none that means something.
func (s *scanner) wordsBefore(i int) string {
	for j := i - 1; j >= 0 && j >= i-2; j-- {
		t := &s.tokens[j]
		if t.kind != tokenWord {
			break
		}
		switch w := lowerWord(s.text[t.from:t.to]); w {
		case "errno", "error", "err", "ret", "rc", "returned", "returns", "return", "type", "result", "code", "status", "exit", "signal", "sig", "http", "failed", "failure", "no", "reason":
			switch w {
			case "err", "ret", "rc", "returned", "returns", "return", "result", "failed", "failure", "reason":
				return "error"
			case "sig":
				return "signal"
			case "no":
				return ""
			case "code":
				switch {
				case j == 0:
				case lowerWord(s.text[s.tokens[j-1].from:s.tokens[j-1].to]) == "exit":
					return "exit"
				case lowerWord(s.text[s.tokens[j-1].from:s.tokens[j-1].to]) == "os": // Os { code: 24
					return "errno"
				}
			case "status":
				if j > 0 && lowerWord(s.text[s.tokens[j-1].from:s.tokens[j-1].to]) == "exit" {
					return "exit"
				}
			case "error":
				if j > 0 && lowerWord(s.text[s.tokens[j-1].from:s.tokens[j-1].to]) == "os" {
					return "errno"
				}
			}
			return w
		}
		if string(s.text[t.from:t.to]) == "VkResult" || string(s.text[t.from:t.to]) == "Result" {
			return "error"
		}
	}
	return ""
}

func lowerWord(w []byte) string {
	var b [12]byte
	if len(w) > len(b) {
		return ""
	}
	for i, c := range w {
		if upper(c) {
			c |= 0x20
		}
		b[i] = c
	}
	return string(b[:len(w)])
}

// errnoReason is for Linux (asm-generic/errno-base.h, errno.h).
func errnoReason(n int) (Reason, Object) {
	switch n {
	case 1, 13:
		return Refused, NoObject
	case 2, 6, 19, 20:
		return Missing, NoObject
	case 5:
		return Failed, NoObject
	case 7, 11, 105:
		return Exhausted, NoObject
	case 12:
		return Exhausted, Memory
	case 23, 24:
		return Exhausted, Descriptors
	case 28, 122:
		return Exhausted, Disk
	case 16, 17, 26:
		return InUse, NoObject
	case 98:
		return InUse, Port
	case 8, 25, 38, 95:
		return Unsupported, NoObject
	case 21, 22, 34, 71:
		return Invalid, NoObject
	case 30:
		return ReadOnly, NoObject
	case 32, 103, 104, 107, 108:
		return Lost, NoObject
	case 62, 110:
		return TimedOut, NoObject
	case 100, 101, 111, 112, 113:
		return Unreachable, NoObject
	case 14:
		return Corrupted, NoObject
	case 35:
		return Hung, NoObject
	}
	return NoReason, NoObject
}

// vkResult is for Vulkan (VkResult in vulkan_core.h).
func vkResult(n int) (Reason, Object) {
	switch n {
	case -1:
		return Exhausted, HostMemory
	case -2, -1000069000:
		return Exhausted, GPUMemory
	case -3, -13:
		return Failed, Vulkan
	case -4:
		return Lost, GPUEngine
	case -6, -7, -8, -11:
		return Unsupported, Vulkan
	case -9:
		return Mismatched, Vulkan
	case -5:
		return Failed, Vulkan
	case -1000000000, -1000001004:
		return Lost, WaylandDisplay
	}
	return NoReason, NoObject
}

// mfxStatus is for Intel's media SDK and oneVPL (mfxStatus in mfxdefs.h).
func mfxStatus(n int) (Reason, Object) {
	switch n {
	case -3, -15:
		return Unsupported, Encoder
	case -4:
		return Exhausted, GPUMemory
	case -9:
		return Missing, NoObject
	case -13, -21:
		return Hung, GPUEngine
	case -17:
		return Lost, GPUEngine
	case -16, -2, -14:
		return Invalid, Encoder
	}
	return Failed, NoObject
}

// nvencStatus is for NVENC (NVENCSTATUS in nvEncodeAPI.h).
func nvencStatus(n int) (Reason, Object) {
	switch n {
	case 1, 2, 3:
		return Unsupported, Encoder
	case 10:
		return Exhausted, GPUMemory
	case 12, 8, 13:
		return Unsupported, Encoder
	case 15:
		return Mismatched, GPUDriver
	case 21:
		return Exhausted, EncoderSessions
	case 23, 24, 25, 26:
		return Failed, BufferRegistration
	}
	return NoReason, NoObject
}

// cudaResult is for CUDA (CUresult in cuda.h; the runtime's numbers are the same
// from 100 on).
func cudaResult(n int) (Reason, Object) {
	switch n {
	case 2:
		return Exhausted, GPUMemory
	case 34, 35, 803, 804:
		return Mismatched, GPUDriver
	case 100, 101:
		return Missing, GPU
	case 304:
		return Exhausted, Descriptors
	case 222, 218:
		return Mismatched, GPUDriver
	case 719, 700, 714, 715, 716, 717, 718:
		return Failed, GPUEngine
	case 800:
		return Refused, CUDA
	case 801:
		return Unsupported, CUDA
	case 999:
		return Failed, CUDA
	}
	return Failed, NoObject
}

// httpStatus is for RFC 9110.
func httpStatus(n int) (Reason, Object) {
	switch n {
	case 401, 403, 407:
		return Refused, NoObject
	case 404, 410:
		return Missing, NoObject
	case 408, 504:
		return TimedOut, NoObject
	case 409, 423:
		return InUse, NoObject
	case 429, 507:
		return Exhausted, NoObject
	case 502, 503:
		return Unreachable, NoObject
	case 400, 422:
		return Invalid, NoObject
	case 500:
		return Failed, NoObject
	case 501, 505, 415:
		return Unsupported, NoObject
	}
	return Failed, NoObject
}

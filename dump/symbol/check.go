package symbol

import (
	"debug/elf"
	"encoding/binary"
)

// enoughFit is the share of return addresses that must follow a call instruction.
// In the right build all do but those of frames that were badly unwound; in an
// unrelated one under 4 % (measured on 169 dumps of real crashes). Neighbouring
// builds, whose code has moved in part only, reach 80 %, so little is allowed in a
// long trace. In a short one a single misfit is not enough to refuse a file that
// the others fit: what comes of it is marked.
const (
	enoughFit  = 0.9
	fewChecked = 3 // fewer say little
)

// fitness is how well the code of a file fits the addresses of a trace.
type fitness struct {
	checked int      // return addresses looked at
	fits    int      // of these, preceded by a call
	misfits []uint64 // the others
}

// verdict says whether the file can be taken for the right one, and whether that
// is more than a guess.
func (f fitness) verdict() (accept, sure bool) {
	missed := f.checked - f.fits
	switch {
	case f.checked == 0:
		return true, false
	case missed == 0:
		return true, f.checked >= fewChecked
	case float64(f.fits) >= enoughFit*float64(f.checked):
		return true, true
	}
	return missed == 1 && f.fits >= fewChecked, false
}

// fit counts how many return addresses follow a call instruction.
func (im *image) fit(addresses []Address) (f fitness, err error) {
	var isCall func([]byte, uint64) bool
	switch im.elf.Machine {
	case elf.EM_X86_64:
		isCall = callAMD64
	case elf.EM_AARCH64:
		isCall = callARM64
	default:
		return f, errMachine
	}
	for _, a := range addresses {
		if !a.Return {
			continue
		}
		f.checked++
		if code, ok := im.code(a.Offset+1, 8); ok && isCall(code, a.Offset+1) {
			f.fits++
		} else {
			f.misfits = append(f.misfits, a.Offset)
		}
	}
	return f, nil
}

// callAMD64 reports whether code ends with a call:
//
//	e8 12 34 00 00          call rel32
//	ff d0                   call *%rax
//	41 ff 54 24 18          call *0x18(%r12)
//	ff 15 9a 2e 00 00       call *0x2e9a(%rip)
func callAMD64(code []byte, _ uint64) bool {
	n := len(code)
	if n >= 5 && code[n-5] == 0xe8 {
		return true
	}
	for size := 2; size <= 7 && size <= n; size++ {
		c := code[n-size:]
		if c[0] != 0xff || c[1]>>3&7 != 2 {
			continue
		}
		mod, rm := c[1]>>6, c[1]&7
		want := 2
		if mod != 3 && rm == 4 {
			want++ // SIB
			if mod == 0 && size >= 3 && c[2]&7 == 5 {
				want += 4
			}
		}
		switch {
		case mod == 1:
			want++
		case mod == 2, mod == 0 && rm == 5:
			want += 4
		}
		if want == size {
			return true
		}
	}
	return false
}

// callARM64 reports whether the instruction before a return address is
//
//	94000123   bl 0x48c
//	d63f0100   blr x8
//	d73f0911   blraa x8, x17 (and its variants with pointer authentication)
func callARM64(code []byte, end uint64) bool {
	if end&3 != 0 || len(code) < 4 {
		return false
	}
	insn := binary.LittleEndian.Uint32(code[len(code)-4:])
	return insn>>26 == 0x25 || insn&0xfffffc1f == 0xd63f0000 || insn&0xfefff800 == 0xd63f0800
}

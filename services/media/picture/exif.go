package picture

import (
	"encoding/binary"
	"io"
)

// exifOrientation reads the tag Orientation (0x0112) of the first directory of EXIF data, which is a TIFF file; 0 when there
// is none. It reads only that: nothing of EXIF is kept.
func exifOrientation(r io.ReaderAt, start, end int64) int {
	var head [8]byte
	if end-start < 8 {
		return 0
	}
	if _, err := r.ReadAt(head[:], start); err != nil {
		return 0
	}
	var order binary.ByteOrder
	switch string(head[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := start + int64(order.Uint32(head[4:]))
	var entry [12]byte
	if at < start || at+2 > end {
		return 0
	}
	if _, err := r.ReadAt(entry[:2], at); err != nil {
		return 0
	}
	for n := range int64(order.Uint16(entry[:2])) {
		from := at + 2 + n*12
		if from+12 > end {
			return 0
		}
		if _, err := r.ReadAt(entry[:], from); err != nil {
			return 0
		}
		if order.Uint16(entry[:2]) == 0x0112 && order.Uint16(entry[2:4]) == 3 {
			return int(order.Uint16(entry[8:10]))
		}
	}
	return 0
}

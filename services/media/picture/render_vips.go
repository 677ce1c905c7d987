//go:build vips

package picture

import (
	"os"
	"path/filepath"
	"strconv"

	"github.com/davidbyttow/govips/v2/vips"

	"github.com/sovecom/sovecom/kit/rendition"
)

// avifEffort of 9 is as quick as the speed the encoder without libvips has.
const avifEffort = 1

// render makes renditions with libvips, the largest first and each from the one before.
func render(source *os.File, size int64, folder string, widths []int, formats []string, made func(Made) error) error {
	facts, err := Probe(source, size)
	if err != nil {
		return err
	}
	vips.LoggingSettings(nil, vips.LogLevelError)
	// No cache: nothing is made twice. It is not shut down, because it could not be started again.
	vips.Startup(&vips.Config{MaxCacheSize: 0, MaxCacheMem: 0, MaxCacheFiles: 0})
	var pixels []byte // of the rendition before, as a PNG that is not packed
	for i := len(widths) - 1; i >= 0; i-- {
		width := widths[i]
		height := HeightAt(facts.Width, facts.Height, width)
		if pixels, err = shrinkTo(source.Name(), pixels, width, height); err != nil {
			return err
		}
		for _, format := range formats {
			m := Made{Width: width, Height: height, Format: format, Path: filepath.Join(folder, strconv.Itoa(width)+"."+rendition.Extension(format))}
			if err := export(pixels, format, m.Path); err != nil {
				return err
			}
			if err := made(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// shrinkTo makes pixels of the file, or of those that were made before.
func shrinkTo(file string, before []byte, width, height int) ([]byte, error) {
	var m *vips.ImageRef
	var err error
	if before == nil {
		m, err = vips.LoadThumbnailFromFile(file, width, height, vips.InterestingNone, vips.SizeForce, nil)
	} else {
		m, err = vips.LoadThumbnailFromBuffer(before, width, height, vips.InterestingNone, vips.SizeForce, nil)
	}
	if err != nil {
		return nil, err
	}
	defer m.Close()
	if before == nil {
		if m.HasICCProfile() {
			err = m.TransformICCProfile(vips.SRGBIEC6196621ICCProfilePath)
		} else {
			err = m.ToColorSpace(vips.InterpretationSRGB)
		}
		if err != nil {
			return nil, err
		}
	}
	pixels, _, err := m.ExportPng(&vips.PngExportParams{StripMetadata: true, Compression: 0})
	return pixels, err
}

// export writes pixels in one of the formats.
func export(pixels []byte, format, path string) error {
	m, err := vips.NewImageFromBuffer(pixels)
	if err != nil {
		return err
	}
	defer m.Close()
	var data []byte
	switch format {
	case "avif":
		data, _, err = m.ExportAvif(&vips.AvifExportParams{StripMetadata: true, Quality: avifQuality, Bitdepth: 8, Effort: avifEffort})
	case "webp":
		data, _, err = m.ExportWebp(&vips.WebpExportParams{StripMetadata: true, Quality: webpQuality, ReductionEffort: webpMethod})
	default:
		if m.HasAlpha() {
			if err := m.Flatten(&vips.Color{R: 255, G: 255, B: 255}); err != nil {
				return err
			}
		}
		data, _, err = m.ExportJpeg(&vips.JpegExportParams{StripMetadata: true, Quality: jpegQuality, OptimizeCoding: true})
	}
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

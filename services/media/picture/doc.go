// Package picture knows pictures: what a file is, how large it is, what must not be shown of it, and how to make smaller
// ones of it. It has neither a database nor a network; the media room runs it in processes of its own (see [Work]),
// because decoding what strangers send needs memory that ought to be given back, and may crash.
//
// JPEG, PNG (also animated), GIF, WebP and AVIF are taken, each as a list of parts ([part]): segments, chunks, blocks or
// boxes. [Probe] looks through them without decoding anything. [Clean] copies only those that pixels need: EXIF with its
// places and serial numbers, XMP, IPTC, comments, thumbnails and whatever comes after the end stay behind; colour profiles
// and animations are kept. A picture that EXIF says is turned is turned for good.
//
// Colours are what profiles say: of RGB by primaries or by tables, of grey by a curve, of printing inks by tables; inks
// without a profile are taken as they are named. JPEGs with arithmetic coding, with 12 bits and without loss are not read.
//
// Renditions, whose widths and formats kit/rendition lists, are made of the first picture of an animation, in sRGB, with eight
// bits a channel. Where there is alpha, JPEG gets a white background.
package picture

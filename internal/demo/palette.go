package demo

// hue is a colour of the house: dyes, glazes, woods and metals the products
// share, so that the shop looks chosen rather than collected.
type hue uint8

const (
	noHue hue = iota
	chalk
	ecru
	flax
	oat
	sand
	camel
	tobacco
	chestnut
	espresso
	terracotta
	rust
	clay
	blush
	rose
	brick
	claret
	mustard
	butter
	olive
	moss
	sage
	pine
	forest
	sea
	sky
	mist
	denim
	indigo
	ink
	navy
	slate
	stone
	dove
	graphite
	charcoal
	black
	white
	natural
	oak
	walnut
	ash
	cherry
	beech
	brass
	steel
	copper
	amber
	smoke
	aqua
	clearGlass
	iron
	lilac
	plum
)

// Backdrops: tinted papers the pictures are taken on.
const (
	onOat    RGB = 0xE9E1D4
	onMist   RGB = 0xDDE3E2
	onBlush  RGB = 0xEBDCD3
	onSage   RGB = 0xDCE1D3
	onSky    RGB = 0xD9E2E8
	onButter RGB = 0xEFE6CC
	onClay   RGB = 0xE6D3C4
	onLilac  RGB = 0xE1DCE4
)

// swatch is the name shoppers read and the colour it is drawn with.
func (h hue) swatch() (string, RGB) {
	switch h {
	case chalk:
		return "Chalk", 0xF1ECE2
	case ecru:
		return "Ecru", 0xEDE3CF
	case flax:
		return "Flax", 0xD9CBB2
	case oat:
		return "Oat", 0xE2D6C1
	case sand:
		return "Sand", 0xCDB892
	case camel:
		return "Camel", 0xB98E5E
	case tobacco:
		return "Tobacco", 0x8A5F3C
	case chestnut:
		return "Chestnut", 0x6B4226
	case espresso:
		return "Espresso", 0x4A342A
	case terracotta:
		return "Terracotta", 0xB4654A
	case rust:
		return "Rust", 0xA2502F
	case clay:
		return "Clay", 0xC48A6A
	case blush:
		return "Blush", 0xE3BDAE
	case rose:
		return "Rose", 0xC98B86
	case brick:
		return "Brick", 0x94453A
	case claret:
		return "Claret", 0x6E2B37
	case mustard:
		return "Mustard", 0xC9993A
	case butter:
		return "Butter", 0xEBD896
	case olive:
		return "Olive", 0x76754A
	case moss:
		return "Moss", 0x6C7A50
	case sage:
		return "Sage", 0x8FA08A
	case pine:
		return "Pine", 0x3C5A4C
	case forest:
		return "Forest", 0x2F4A3A
	case sea:
		return "Sea", 0x7FA3A3
	case sky:
		return "Sky", 0xA9C0D2
	case mist:
		return "Mist", 0xC9D3D6
	case denim:
		return "Denim", 0x5D7698
	case indigo:
		return "Indigo", 0x3B4A6B
	case ink:
		return "Ink", 0x2F3A52
	case navy:
		return "Navy", 0x28324A
	case slate:
		return "Slate", 0x5E6B78
	case stone:
		return "Stone", 0xA8A196
	case dove:
		return "Dove", 0xC3BDB3
	case graphite:
		return "Graphite", 0x4A4C50
	case charcoal:
		return "Charcoal", 0x36373A
	case black:
		return "Black", 0x252426
	case white:
		return "White", 0xF7F5F0
	case natural:
		return "Natural", 0xD8C6A4
	case oak:
		return "Oak", 0xC9A36B
	case walnut:
		return "Walnut", 0x7A5236
	case ash:
		return "Ash", 0xDCC9A6
	case cherry:
		return "Cherry", 0xA0603C
	case beech:
		return "Beech", 0xD6B184
	case brass:
		return "Brass", 0xC79F54
	case steel:
		return "Steel", 0xB9BEC2
	case copper:
		return "Copper", 0xB87350
	case amber:
		return "Amber", 0xC98A3A
	case smoke:
		return "Smoke", 0x8C8F93
	case aqua:
		return "Aqua", 0xA8CBC8
	case clearGlass:
		return "Clear", 0xCBDCDD
	case iron:
		return "Iron", 0x3E4043
	case lilac:
		return "Lilac", 0xB5A6BE
	case plum:
		return "Plum", 0x5E3F54
	}
	return "", 0x8C8F93
}

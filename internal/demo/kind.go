package demo

// Kind is what a picture shows: each kind has a drawing of its own.
type Kind uint8

const (
	Shirt Kind = iota
	Blouse
	Tee
	Jumper
	RollNeck
	Cardigan
	Dress
	Pinafore
	Trousers
	WideTrousers
	Skirt
	Jacket
	Coat
	Gilet
	Beanie
	Scarf
	Socks
	Tote
	Handbag
	Backpack
	Belt
	Slippers

	Mug
	CupAndSaucer
	Plate
	Bowl
	ServingBowl
	Teapot
	Tumbler
	WineGlass
	Carafe
	Casserole
	Pan
	ChefKnife
	ParingKnife
	BreadKnife
	Board
	Servers
	Mill
	TeaTowel
	Napkins
	Tablecloth
	Apron

	Lamp
	Pendant
	FloorLamp
	Chair
	Stool
	SideTable
	Shelf
	Cushion
	Throw
	Mirror
	Vase
	BudVase
	Basket
	Rug
	Clock
	Candle
	Tapers
	PlantPot
	Planter
	WateringCan

	BedLinen
	Pillow
	Towel
	BathMat
	Soap
	Bottle
	Brush

	Notebook
	Notebooks
	Pen
	Pencils
	Tray
)

func (k Kind) sketch() sketch {
	switch {
	case k <= Slippers:
		return k.worn()
	case k <= Apron:
		return k.atTable()
	case k <= WateringCan:
		return k.inRooms()
	case k <= Brush:
		return k.bedAndBath()
	default:
		return k.onDesk()
	}
}

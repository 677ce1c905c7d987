package demo

// worn draws clothing and what is carried.
func (k Kind) worn() sketch {
	switch k {
	case Shirt:
		return sketch{draw: drawShirt, focusX: 650, focusY: 400, zoom: 2.6}
	case Blouse:
		return sketch{draw: drawBlouse, focusX: 640, focusY: 390, zoom: 2.6}
	case Tee:
		return sketch{draw: drawTee, focusX: 640, focusY: 390, zoom: 2.8}
	case Jumper:
		return sketch{draw: drawJumper, focusX: 650, focusY: 430, zoom: 2.5}
	case RollNeck:
		return sketch{draw: drawRollNeck, focusX: 650, focusY: 360, zoom: 2.6}
	case Cardigan:
		return sketch{draw: drawCardigan, focusX: 660, focusY: 520, zoom: 2.5}
	case Dress:
		return sketch{draw: drawDress, focusX: 620, focusY: 500, zoom: 2.5}
	case Pinafore:
		return sketch{draw: drawPinafore, focusX: 620, focusY: 440, zoom: 2.7}
	case Trousers:
		return sketch{draw: drawTrousers, focusX: 640, focusY: 330, zoom: 2.8}
	case WideTrousers:
		return sketch{draw: drawWideTrousers, focusX: 640, focusY: 330, zoom: 2.8}
	case Skirt:
		return sketch{draw: drawSkirt, focusX: 640, focusY: 400, zoom: 2.6}
	case Jacket:
		return sketch{draw: drawJacket, focusX: 660, focusY: 450, zoom: 2.5}
	case Coat:
		return sketch{draw: drawCoat, focusX: 640, focusY: 420, zoom: 2.4}
	case Gilet:
		return sketch{draw: drawGilet, focusX: 640, focusY: 400, zoom: 2.6}
	case Beanie:
		return sketch{draw: drawBeanie, focusX: 650, focusY: 700, zoom: 2.5}
	case Scarf:
		return sketch{draw: drawScarf, focusX: 600, focusY: 840, zoom: 2.5}
	case Socks:
		return sketch{draw: drawSocks, focusX: 560, focusY: 760, zoom: 2.4}
	case Tote:
		return sketch{draw: drawTote, focusX: 660, focusY: 560, zoom: 2.5}
	case Handbag:
		return sketch{draw: drawHandbag, pose: standing, foot: foot{600, 936, 300}, focusX: 660, focusY: 560, zoom: 2.6}
	case Backpack:
		return sketch{draw: drawBackpack, pose: standing, foot: foot{600, 938, 270}, focusX: 620, focusY: 620, zoom: 2.5}
	case Belt:
		return sketch{draw: drawBelt, focusX: 780, focusY: 760, zoom: 2.6}
	default:
		return sketch{draw: drawSlippers, focusX: 700, focusY: 500, zoom: 2.4}
	}
}

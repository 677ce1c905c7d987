package demo

// inRooms draws lighting, furniture and what makes a room.
func (k Kind) inRooms() sketch {
	switch k {
	case Lamp:
		return sketch{draw: drawLamp, pose: standing, foot: foot{600, 926, 150}, focusX: 640, focusY: 600, zoom: 2.3}
	case Pendant:
		return sketch{draw: drawPendant, pose: standing, focusX: 640, focusY: 420, zoom: 2.3}
	case FloorLamp:
		return sketch{draw: drawFloorLamp, pose: standing, foot: foot{420, 934, 150}, focusX: 740, focusY: 320, zoom: 2.4}
	case Chair:
		return sketch{draw: drawChair, pose: standing, focusX: 560, focusY: 620, zoom: 2.4}
	case Stool:
		return sketch{draw: drawStool, pose: standing, foot: foot{600, 930, 240}, focusX: 650, focusY: 520, zoom: 2.4}
	case SideTable:
		return sketch{draw: drawSideTable, pose: standing, foot: foot{600, 924, 270}, focusX: 680, focusY: 480, zoom: 2.4}
	case Shelf:
		return sketch{draw: drawShelf, pose: onWall, focusX: 780, focusY: 620, zoom: 2.5}
	case Cushion:
		return sketch{draw: drawCushion, focusX: 800, focusY: 780, zoom: 2.4}
	case Throw:
		return sketch{draw: drawThrow, focusX: 720, focusY: 720, zoom: 2.3}
	case Mirror:
		return sketch{draw: drawMirror, pose: onWall, focusX: 700, focusY: 370, zoom: 2.3}
	case Vase:
		return sketch{draw: drawVase, pose: standing, foot: foot{600, 930, 120}, focusX: 660, focusY: 480, zoom: 2.4}
	case BudVase:
		return sketch{draw: drawBudVase, pose: standing, foot: foot{600, 932, 110}, focusX: 640, focusY: 700, zoom: 2.6}
	case Basket:
		return sketch{draw: drawBasket, pose: standing, foot: foot{600, 930, 210}, focusX: 700, focusY: 560, zoom: 2.4}
	case Rug:
		return sketch{draw: drawRug, focusX: 720, focusY: 900, zoom: 2.3}
	case Clock:
		return sketch{draw: drawClock, pose: onWall, focusX: 720, focusY: 480, zoom: 2.3}
	case Candle:
		return sketch{draw: drawCandle, pose: standing, foot: foot{600, 930, 190}, focusX: 620, focusY: 620, zoom: 2.3}
	case Tapers:
		return sketch{draw: drawTapers, focusX: 640, focusY: 640, zoom: 2.4}
	case PlantPot:
		return sketch{draw: drawPlantPot, pose: standing, foot: foot{600, 938, 205}, focusX: 660, focusY: 680, zoom: 2.3}
	case Planter:
		return sketch{draw: drawPlanter, pose: standing, foot: foot{600, 932, 170}, focusX: 680, focusY: 620, zoom: 2.3}
	default:
		return sketch{draw: drawWateringCan, pose: standing, foot: foot{600, 930, 200}, focusX: 620, focusY: 640, zoom: 2.3}
	}
}

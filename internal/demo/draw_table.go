package demo

// atTable draws what stands on a table or in a kitchen.
func (k Kind) atTable() sketch {
	switch k {
	case Mug:
		return sketch{draw: drawMug, pose: standing, foot: foot{570, 918, 180}, focusX: 640, focusY: 760, zoom: 2.6}
	case CupAndSaucer:
		return sketch{draw: drawCupAndSaucer, pose: standing, foot: foot{600, 916, 320}, focusX: 650, focusY: 640, zoom: 2.5}
	case Plate:
		return sketch{draw: drawPlate, focusX: 800, focusY: 760, zoom: 2.4}
	case Bowl:
		return sketch{draw: drawBowl, pose: standing, foot: foot{600, 932, 200}, focusX: 740, focusY: 640, zoom: 2.5}
	case ServingBowl:
		return sketch{draw: drawServingBowl, pose: standing, foot: foot{600, 932, 240}, focusX: 700, focusY: 610, zoom: 2.3}
	case Teapot:
		return sketch{draw: drawTeapot, pose: standing, foot: foot{590, 922, 210}, focusX: 660, focusY: 580, zoom: 2.4}
	case Tumbler:
		return sketch{draw: drawTumbler, pose: standing, foot: foot{590, 916, 260}, focusX: 560, focusY: 560, zoom: 2.5}
	case WineGlass:
		return sketch{draw: drawWineGlass, pose: standing, foot: foot{590, 910, 220}, focusX: 560, focusY: 400, zoom: 2.4}
	case Carafe:
		return sketch{draw: drawCarafe, pose: standing, foot: foot{600, 928, 200}, focusX: 620, focusY: 400, zoom: 2.5}
	case Casserole:
		return sketch{draw: drawCasserole, pose: standing, foot: foot{600, 922, 310}, focusX: 700, focusY: 560, zoom: 2.4}
	case Pan:
		return sketch{draw: drawPan, focusX: 720, focusY: 680, zoom: 2.4}
	case ChefKnife:
		return sketch{draw: drawChefKnife, focusX: 680, focusY: 520, zoom: 2.6}
	case ParingKnife:
		return sketch{draw: drawParingKnife, focusX: 700, focusY: 500, zoom: 2.6}
	case BreadKnife:
		return sketch{draw: drawBreadKnife, focusX: 560, focusY: 640, zoom: 2.6}
	case Board:
		return sketch{draw: drawBoard, focusX: 640, focusY: 900, zoom: 2.5}
	case Servers:
		return sketch{draw: drawServers, focusX: 700, focusY: 330, zoom: 2.5}
	case Mill:
		return sketch{draw: drawMill, pose: standing, foot: foot{600, 932, 124}, focusX: 630, focusY: 420, zoom: 2.6}
	case TeaTowel:
		return sketch{draw: drawTeaTowel, focusX: 560, focusY: 820, zoom: 2.6}
	case Napkins:
		return sketch{draw: drawNapkins, focusX: 520, focusY: 800, zoom: 2.4}
	case Tablecloth:
		return sketch{draw: drawTablecloth, pose: standing, foot: foot{600, 926, 330}, focusX: 640, focusY: 560, zoom: 2.3}
	default:
		return sketch{draw: drawApron, focusX: 620, focusY: 420, zoom: 2.5}
	}
}

extends RefCounted
## Small parts that several builders need: labels, affiliation colours, node names.

const FONT_SIZE := 26
const LABEL_PIXEL := 0.0008
## Which label gives way where two would cover each other: the one later in this list.
enum Rank { OBJECTIVE, UNIT, INJECT, TOWN, MEASURE, PLACE }
const COLOURS := {
	"friend": Color(0.50, 0.88, 1.0),
	"hostile": Color(1.0, 0.50, 0.50),
	"neutral": Color(0.67, 1.0, 0.67),
}


static func colour(affiliation: String) -> Color:
	return COLOURS.get(affiliation, Color.WHITE)


## A label that faces the camera and keeps its size on the screen; hidden beyond range_m (0: never).
## raise_px lifts it on the screen, away from the symbol.
static func label(text: String, tint: Color, rank: Rank, range_m := 0.0, raise_px := 0.0) -> Label3D:
	var node := Label3D.new()
	node.text = text
	node.set_meta("rank", rank)
	node.add_to_group("pacai_labels")
	node.font_size = FONT_SIZE
	node.offset.y = raise_px
	node.outline_size = 10
	node.modulate = tint
	node.outline_modulate = Color(0.05, 0.07, 0.09, 0.85)
	node.pixel_size = LABEL_PIXEL
	node.billboard = BaseMaterial3D.BILLBOARD_ENABLED
	node.fixed_size = true
	node.no_depth_test = true
	node.render_priority = 3
	node.outline_render_priority = 2
	node.visibility_range_end = range_m
	return node


## Identifiers hold dots and Godot node names must not.
static func node_name(id: String) -> String:
	return id.replace(".", "_")

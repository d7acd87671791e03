extends RefCounted
## Small parts that several builders need: labels, affiliation colours, node names.

const FONT_SIZE := 26
const LABEL_PIXEL := 0.0006
## Labels nearer to each other than this are stacked.
const STACK_M := 90.0
const STACK_PX := 34.0
const MAX_STACKED := 600
const COLOURS := {
	"friend": Color(0.50, 0.88, 1.0),
	"hostile": Color(1.0, 0.50, 0.50),
	"neutral": Color(0.67, 1.0, 0.67),
}


static func colour(affiliation: String) -> Color:
	return COLOURS.get(affiliation, Color.WHITE)


## A label that faces the camera and keeps its size on the screen; hidden beyond range_m (0: never).
## raise_px lifts it on the screen, so that labels of one place do not cover each other.
static func label(text: String, tint: Color, range_m := 0.0, raise_px := 0.0) -> Label3D:
	var node := Label3D.new()
	node.text = text
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


## Raise every label that stands close to an earlier one, so that the labels of one place can be read.
static func stack(labels: Array) -> void:
	if labels.size() > MAX_STACKED:
		return
	for index in labels.size():
		var below := 0
		for earlier in index:
			if labels[earlier].global_position.distance_to(labels[index].global_position) < STACK_M:
				below += maxi(1, labels[earlier].text.count("\n") + 1)
		labels[index].offset.y += STACK_PX * below


## Identifiers hold dots and Godot node names must not.
static func node_name(id: String) -> String:
	return id.replace(".", "_")

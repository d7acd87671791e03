extends Node3D
## The terrain: heights with collision, land cover, trees.
##
## heights.f32 holds little-endian 32-bit floats (metres), cover.u8 one byte a cell; both row-major with
## row 0 in the north. (A 16-bit PNG would be cut to 8 bits by the importer.) The mesh is a set of flat
## tiles that the shader lifts, so a million samples cost no loop and no memory here.

const TILE_CELLS := 64
## Samples between two vertices: distance in cells from which it is used.
const LEVELS := {1: 0.0, 4: 260.0, 16: 1000.0}
const MAX_TREES := 24000
const FOREST := 3
const DARK_TREE := Color(0.16, 0.27, 0.15)
const LIGHT_TREE := Color(0.27, 0.38, 0.20)
const PALETTE: Array[Color] = [
	Color(0.60, 0.66, 0.42),  # open
	Color(0.74, 0.69, 0.44),  # field
	Color(0.50, 0.57, 0.36),  # scrub
	Color(0.27, 0.40, 0.24),  # forest
	Color(0.62, 0.59, 0.54),  # built_up
	Color(0.20, 0.36, 0.50),  # water
	Color(0.43, 0.53, 0.44),  # marsh
	Color(0.85, 0.77, 0.58),  # sand
	Color(0.55, 0.53, 0.50),  # rock
	Color(0.92, 0.94, 0.96),  # snow
	Color(0.60, 0.62, 0.45),  # road: the ribbon above it shows the road
	Color(0.60, 0.64, 0.43),  # track
	Color(0.20, 0.36, 0.50),  # bridge: water below
	Color(0.33, 0.46, 0.52),  # ford
]

var rows: int
var cols: int
var cell: float
var north_west: Vector2
var heights: PackedFloat32Array
var cover: PackedByteArray


## Build from the files of folder. Empty, or what is wrong.
func build(terrain: Dictionary, side_m: float, folder: String) -> String:
	rows = int(terrain.heights.rows)
	cols = int(terrain.heights.cols)
	cell = float(terrain.heights.cell_cm) / 100.0
	north_west = Vector2(-side_m / 2.0, side_m / 2.0 - (rows - 1) * cell)
	var height_bytes := FileAccess.get_file_as_bytes(folder.path_join("heights.f32"))
	cover = FileAccess.get_file_as_bytes(folder.path_join("cover.u8"))
	if height_bytes.size() != rows * cols * 4:
		return "heights.f32 has %d bytes, expected %d" % [height_bytes.size(), rows * cols * 4]
	if cover.size() != int(terrain.cover.rows) * int(terrain.cover.cols):
		return "cover.u8 has %d bytes, expected one for each cell" % cover.size()
	heights = height_bytes.to_float32_array()
	_add_tiles(_material(height_bytes, terrain.cover), terrain)
	_add_collision()
	_add_trees(terrain.cover)
	return ""


## Height of the ground, metres, at (x, z): bilinear between the four samples around it.
func height_at(at: Vector2) -> float:
	var col := clampf((at.x - north_west.x) / cell, 0.0, cols - 1.0)
	var row := clampf((at.y - north_west.y) / cell, 0.0, rows - 1.0)
	var west := mini(int(col), cols - 2)
	var north := mini(int(row), rows - 2)
	var index := north * cols + west
	var upper := lerpf(heights[index], heights[index + 1], col - west)
	var lower := lerpf(heights[index + cols], heights[index + cols + 1], col - west)
	return lerpf(upper, lower, row - north)


func on_ground(at: Vector2, above: float = 0.0) -> Vector3:
	return Vector3(at.x, height_at(at) + above, at.y)


func _material(height_bytes: PackedByteArray, cover_grid: Dictionary) -> ShaderMaterial:
	var material := ShaderMaterial.new()
	material.shader = preload("terrain.gdshader")
	var height_image := Image.create_from_data(cols, rows, false, Image.FORMAT_RF, height_bytes)
	var size := Vector2i(int(cover_grid.cols), int(cover_grid.rows))
	var cover_image := Image.create_from_data(size.x, size.y, false, Image.FORMAT_R8, cover)
	material.set_shader_parameter("heights", ImageTexture.create_from_image(height_image))
	material.set_shader_parameter("cover", ImageTexture.create_from_image(cover_image))
	material.set_shader_parameter("north_west", north_west)
	material.set_shader_parameter("cell", cell)
	var linear := PackedVector3Array()
	for colour in PALETTE:
		var light := colour.srgb_to_linear()
		linear.append(Vector3(light.r, light.g, light.b))
	material.set_shader_parameter("palette", linear)
	return material


func _add_tiles(material: ShaderMaterial, terrain: Dictionary) -> void:
	var low := float(terrain.min_height_cm) / 100.0 - 100.0
	var high := float(terrain.max_height_cm) / 100.0 + 10.0
	var span := TILE_CELLS * cell
	var strides := LEVELS.keys()
	for level in strides.size():
		var mesh := _tile_mesh(strides[level])
		for row in range(0, rows - 1, TILE_CELLS):
			for col in range(0, cols - 1, TILE_CELLS):
				var tile := MeshInstance3D.new()
				tile.mesh = mesh
				tile.material_override = material
				tile.position = Vector3(north_west.x + col * cell, 0.0, north_west.y + row * cell)
				tile.custom_aabb = AABB(Vector3(0.0, low, 0.0), Vector3(span, high - low, span))
				tile.visibility_range_begin = LEVELS[strides[level]] * cell
				if level + 1 < strides.size():
					tile.visibility_range_end = LEVELS[strides[level + 1]] * cell
				tile.cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
				add_child(tile)


## A flat tile with a skirt around it; y is -1 on the skirt.
func _tile_mesh(stride: int) -> ArrayMesh:
	var quads := TILE_CELLS / stride
	var side := quads + 3
	var vertices := PackedVector3Array()
	for row in range(-1, quads + 2):
		for col in range(-1, quads + 2):
			var skirt := row < 0 or col < 0 or row > quads or col > quads
			var at := Vector2(clampi(col, 0, quads), clampi(row, 0, quads)) * stride * cell
			vertices.append(Vector3(at.x, -1.0 if skirt else 0.0, at.y))
	var indices := PackedInt32Array()
	for row in side - 1:
		for col in side - 1:
			var corner := row * side + col
			indices.append_array([corner, corner + 1, corner + side, corner + 1, corner + side + 1, corner + side])
	var arrays := []
	arrays.resize(Mesh.ARRAY_MAX)
	arrays[Mesh.ARRAY_VERTEX] = vertices
	arrays[Mesh.ARRAY_INDEX] = indices
	var mesh := ArrayMesh.new()
	mesh.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLES, arrays)
	return mesh


func _add_collision() -> void:
	var scaled := PackedFloat32Array()
	scaled.resize(heights.size())
	for index in heights.size():
		scaled[index] = heights[index] / cell
	var shape := HeightMapShape3D.new()
	shape.map_width = cols
	shape.map_depth = rows
	shape.map_data = scaled
	var collision := CollisionShape3D.new()
	collision.shape = shape
	# The samples of the shape are one unit apart; a uniform scale is the only one that physics takes.
	collision.scale = Vector3.ONE * cell
	collision.position = Vector3(
		north_west.x + (cols - 1) * cell / 2.0, 0.0, north_west.y + (rows - 1) * cell / 2.0
	)
	var body := StaticBody3D.new()
	body.name = "Collision"
	body.add_child(collision)
	add_child(body)


## Scatters trees over the forest cells; where and how large follows from the cell alone.
func _add_trees(grid: Dictionary) -> void:
	var cells := PackedInt32Array()
	for index in cover.size():
		if cover[index] == FOREST:
			cells.append(index)
	if cells.is_empty():
		return
	var width := int(grid.cols)
	var per_cell := clampf(float(MAX_TREES) / cells.size(), 0.0, 3.0)
	var count := int(cells.size() * per_cell)
	var trees := MultiMesh.new()
	trees.transform_format = MultiMesh.TRANSFORM_3D
	trees.use_colors = true
	trees.mesh = _tree_mesh()
	trees.instance_count = count
	for number in count:
		var index := cells[int(number / per_cell)]
		var scatter := hash(Vector2i(index, number))
		var offset := Vector2((scatter & 255) / 255.0 - 0.5, ((scatter >> 8) & 255) / 255.0 - 0.5) * cell
		var at := north_west + Vector2(index % width, index / width) * cell + offset
		var size := 0.7 + ((scatter >> 16) & 255) / 400.0
		trees.set_instance_transform(number, Transform3D(Basis().scaled(Vector3.ONE * size), on_ground(at)))
		trees.set_instance_color(number, DARK_TREE.lerp(LIGHT_TREE, ((scatter >> 24) & 255) / 255.0))
	var node := MultiMeshInstance3D.new()
	node.name = "Trees"
	node.multimesh = trees
	node.cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	add_child(node)


func _tree_mesh() -> Mesh:
	var cone := CylinderMesh.new()
	cone.top_radius = 0.0
	cone.bottom_radius = 3.2
	cone.height = 13.0
	cone.radial_segments = 6
	cone.rings = 1
	var material := StandardMaterial3D.new()
	material.vertex_color_use_as_albedo = true
	material.vertex_color_is_srgb = true
	material.roughness = 1.0
	cone.material = material
	return cone

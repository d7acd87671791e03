@tool
extends EditorPlugin
## Offers the node "PacaiScenario", so that a scenario can be put into a scene of your own.

const NODE_TYPE := "PacaiScenario"


func _enter_tree() -> void:
	add_custom_type(NODE_TYPE, "Node3D", preload("scenario_world.gd"), null)


func _exit_tree() -> void:
	remove_custom_type(NODE_TYPE)

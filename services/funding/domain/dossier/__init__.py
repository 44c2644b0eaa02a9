"""The duty dossier (尽职免责材料): what the record says on the three statutory tests."""

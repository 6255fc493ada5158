"""Authorities, areas, people and seats (机构、地区、人员、岗位): who may do what, where, and until when."""

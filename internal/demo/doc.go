// Package demo is the content of a believable demonstration shop: Maison
// Merle, a European house that sells clothing and things for the home.
//
// Shop returns the catalogue as plain data and Pages the texts of its own;
// Draw renders its pictures. Nothing here reads or writes anything: the
// seeding command turns the data into API calls, as an integrator would. The
// same build always gives the same shop.
//
// Prices are consumer prices in euro cents, VAT included, as Directive
// 98/6/EC wants them shown. Makers and brands are invented; any likeness to a
// real one is chance. The texts make no environmental or health claims and
// promise no guarantee beyond the legal one (Directive (EU) 2024/825).
package demo

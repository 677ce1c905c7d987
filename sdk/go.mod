module github.com/sovecom/sovecom/sdk

go 1.26

import { render } from "preact";

render("hi", document.body);

import { Dashboard } from './dashboard.js';
import { applyTheme, chosenTheme } from './view/theme.js';

applyTheme(chosenTheme());
new Dashboard().start();

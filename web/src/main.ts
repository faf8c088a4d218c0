import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { whenSessionEnds } from './api/client';
import { restoreLanguage } from './i18n/index.svelte';
import { startRouter } from './lib/router.svelte';
import { lose } from './lib/session.svelte';
import { keepForOffline } from './lib/update.svelte';

whenSessionEnds(lose);
startRouter();
await restoreLanguage();
mount(App, { target: document.getElementById('app')! });
keepForOffline();

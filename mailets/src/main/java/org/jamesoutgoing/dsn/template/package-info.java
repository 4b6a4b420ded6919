/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The words of a notification: templates, languages, and reasons in plain language. Knows nothing of mail: values go in,
 * words come out.
 *
 * <p>Start reading at {@link org.jamesoutgoing.dsn.template.Templates} (which template is used),
 * {@link org.jamesoutgoing.dsn.template.Template} (what a template looks like) and
 * {@link org.jamesoutgoing.dsn.template.Variable} (what can stand in it). What a reason is says
 * {@link org.jamesoutgoing.dsn.reason}; a {@code Phrasebook} puts it into words.
 *
 * <p>Templates are mustache.java's, but a strict part of it: {@code TemplateTag} and {@code TagStructure} see everything between
 * braces before mustache.java does, and {@code Mustaches} leaves it nothing to reach but the values. Of this project's
 * packages it uses {@code dsn.reason} only.
 */
package org.jamesoutgoing.dsn.template;

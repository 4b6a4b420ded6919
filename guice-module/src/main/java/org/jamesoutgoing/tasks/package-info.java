/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * What webadmin does in the background, as tasks of James: progress and result at {@code /tasks/{id}}. Uses the services;
 * knows nothing of HTTP. Start reading at {@link org.jamesoutgoing.tasks.QueueActionTask}.
 */
package org.jamesoutgoing.tasks;

/// Some fables of Aesop's, told anew: what the networks that write text learn from.
public let fables = """
  The fox and the grapes. A hungry fox saw ripe grapes on a high vine. She ran and jumped, and
  jumped again, but the grapes hung too high. At last she turned away with her nose in the air. The
  grapes are sour, said the fox, and nobody would want them. It is easy to scorn what you cannot
  have.

  The crow and the jug. A thirsty crow found a jug with a little water in it. The neck was narrow,
  and his beak could not reach the water. So the crow took a small stone and dropped it in, and then
  another stone, and another. With every stone the water rose a little, until the crow could drink.
  A little thought does more than a lot of strength.

  The tortoise and the hare. The hare laughed at the tortoise because she was slow. Let us run a
  race, said the tortoise. The hare ran ahead and soon lay down in the sun to sleep. The tortoise
  went on, step by step, and never stopped. When the hare awoke he ran as fast as he could, but the
  tortoise was there before him. Slow and steady wins the race.

  The lion and the mouse. A mouse ran over a lion and woke him, and the lion caught her. Let me go,
  said the mouse, and one day I shall help you. The lion laughed and let her go. Some time later the
  lion was caught in a net and could not get out. The mouse heard him roar, came and gnawed the
  ropes until the lion was free. No kindness is too small to be worth something.

  The dog and the bone. A dog with a bone in his mouth crossed a bridge over a stream. He looked
  down and saw another dog with another bone in the water. He wanted that bone, too, and opened his
  mouth to bark. The bone fell into the water and was gone. Who wants too much may lose what he has.

  The ant and the grasshopper. All summer long the grasshopper sang in the sun, while the ant
  carried grain to her house. Why do you work so hard, said the grasshopper, when there is plenty of
  food. Winter will come, said the ant, and carried on. When the snow lay on the fields the
  grasshopper was hungry, and the ant was not. There is a time to work and a time to sing.

  The wind and the sun. The wind and the sun could not agree which of them was stronger. A man came
  along the road in a coat. Whoever makes him take off his coat is stronger, said the sun. The wind
  blew as hard as he could, but the man only held his coat closer. Then the sun came out and shone,
  and the man grew warm and took off his coat. Kindness does more than force.

  """
